#if !VectorIntrinsics
    extension StringStops {
        /// What `string_stops` does, on every processor and without C.
        static func find(_ text: RawSpan, _ start: Int, _ count: Int, _ offsets: UnsafeMutablePointer<UInt32>) -> Int {
            var found = 0
            var offset = start
            let end = start &+ count
            while offset &+ 16 <= end {
                note(Lexer.stops(text, offset), offset, offsets, &found)
                offset &+= 16
            }
            while offset < end {
                offsets[found] = UInt32(truncatingIfNeeded: offset)
                found &+= Lexer.isPlain(Lexer.byte(text, offset)) ? 0 : 1
                offset &+= 1
            }
            return found
        }

        /// Notes the stops among 16 bytes, of each of which there are four bits.
        @inline(__always)
        private static func note(
            _ stops: UInt64, _ offset: Int, _ offsets: UnsafeMutablePointer<UInt32>, _ found: inout Int
        ) {
            var stops = stops & 0x1111_1111_1111_1111
            while stops != 0 {
                offsets[found] = UInt32(truncatingIfNeeded: offset &+ stops.trailingZeroBitCount &>> 2)
                found &+= 1
                stops &= stops &- 1
            }
        }
    }
#endif
