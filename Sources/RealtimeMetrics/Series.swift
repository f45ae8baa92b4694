import EventRouter

/// What measurements are added up by: a name with its labels.
struct Series: Hashable {
    let name: String
    let labels: MeasurementLabels

    init(_ measurement: Measurement) {
        name = measurement.name
        labels = measurement.labels
    }
}
