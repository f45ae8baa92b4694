/// Which draft decides where they differ.
package enum SchemaDraft: Sendable {
    /// Draft 7: what stands beside `$ref` does not count.
    case draft7
    /// 2020-12: what stands beside `$ref` counts too.
    case draft2020
}
