/// The JSON form that a ``WireValue`` expects.
public indirect enum WireShape: Sendable {
    /// A string; `known` lists the values that the protocol names. Others are possible, unless the set is closed.
    case string(known: [String], isClosed: Bool = false)
    /// A number without a fraction.
    case integer
    /// A number.
    case number
    /// A boolean.
    case boolean
    /// Any JSON value.
    case any
    /// An array of elements of one form.
    case array(WireShape)
    /// An object with free keys and values of one form.
    case map(WireShape)
    /// An object with the fields of a type.
    case object(any WireObject.Type)
    /// One of several forms.
    case oneOf([WireShape])

    /// A string without listed values.
    public static var string: WireShape { .string(known: []) }
}
