import LinearExpressions

/// A common kind of secret, by the name that `kind` in `redact` takes.
package enum SecretKind: String, Sendable, Hashable, CaseIterable {
    /// The number of a payment card: 13 to 19 digits whose last one checks the others (Luhn), or the same spoken in English.
    case card
    /// An e-mail address.
    case email
    /// A telephone number in an international or a common national form, or spoken in English.
    case phone
    /// An international bank account number, with its country's length and its check digits.
    case iban

    /// No shorter text, in bytes, holds one.
    var leastBytes: Int {
        switch self {
        case .card: 13
        case .email: 6
        case .phone: 8
        case .iban: 15
        }
    }

    /// Where it is found, and which end of the text could still become a match.
    func findings(in text: PlainText) -> TextFindings {
        switch self {
        case .card: CardNumbers.findings(in: text)
        case .email: EmailAddresses.findings(in: text)
        case .phone: PhoneNumbers.findings(in: text)
        case .iban: BankAccounts.findings(in: text)
        }
    }
}
