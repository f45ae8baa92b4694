/// What a session that ended came to.
struct SessionFigures {
    let meter: SessionMeter
    let tally: Tally
}
