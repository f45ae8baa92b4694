import ConfigSource
import EventRouter

/// The registered types of handlers or sources.
struct KnownTypes {
    /// The noun for messages: "handler" or "source".
    let kind: String
    /// The names of the types.
    let names: [String]
    /// The keys that all types have.
    let common: SectionForm

    static func handler(_ registry: HandlerRegistry) -> Self {
        KnownTypes(kind: "handler", names: registry.types, common: HandlerKeys.form)
    }

    static func source(_ registry: HandlerRegistry) -> Self {
        KnownTypes(kind: "source", names: registry.sourceTypes, common: SourceKeys.form)
    }
}

extension RouteFileReader {
    /// The section of a handler or source; reports an error and returns nil if it is not a mapping.
    func typedSection(_ entry: Node.Entry, _ types: KnownTypes) -> Section? {
        let what = "the \(types.kind) \(quoted(entry.name))"
        guard entry.value.entries != nil, var section = Section(entry.value, what: what, diagnostics) else {
            let type = entry.value.string.flatMap { types.names.contains($0) ? $0 : nil } ?? "TYPE"
            diagnostics.error(
                "\(what) must be a mapping, and this is \(entry.value.kindDescription)", at: entry.value,
                help: "write `\(entry.name): {type: \(type)}`, and its options beside `type`")
            return nil
        }
        section.know(types.common.names)
        return section
    }

    /// The `type` of a handler or source. Reports a missing or misspelt key and returns nil. The caller must then stop,
    /// because the type determines the other keys.
    func type(_ name: String, _ section: inout Section, _ types: KnownTypes) -> String? {
        let misspelt = section.keys.first {
            !types.common.names.contains($0) && closest(to: $0, among: [TypedKeys.type]) != nil
        }
        if let misspelt, !section.has(TypedKeys.type) {
            diagnostics.error(
                "unknown key \(quoted(misspelt))", at: section.entry(misspelt)?.key ?? section.node,
                help: "did you mean `type`?")
            return nil
        }
        let help =
            types.names.contains(name)
            ? "write `type: \(name)`" : suggestion(for: name, among: types.names, called: "\(types.kind) types")
        return section.require(TypedKeys.type, help: help) ? section.string(TypedKeys.type) : nil
    }

    /// Reports a type that is not registered: as a warning if nothing will be started, else as an error.
    ///
    /// - Returns: the type if the diagnostic is only a warning; otherwise nil.
    func unregistered(_ type: String, _ section: Section, _ types: KnownTypes) -> String? {
        let message = "there is no \(types.kind) type \(quoted(type))"
        let node = section.node[TypedKeys.type] ?? section.node
        let product = types.kind == "source" ? LinkableProduct.ofSource[type] : nil
        let isMisspelt = product == nil && misspelled(type, among: types.names, mistakes: 2) != nil
        guard !context.startsHandlers, !isMisspelt else {
            diagnostics.error(
                product == nil ? message : message + " in this program", at: node,
                help: product?.help ?? suggestion(for: type, among: types.names, called: "\(types.kind) types"))
            return nil
        }
        diagnostics.warning(
            message + " in this program", at: node,
            help: product?.help
                ?? "only a program that registers it can run this file; "
                + suggestion(for: type, among: types.names, called: "the types here"))
        return type
    }
}

/// A product of this package that a program may not link.
struct LinkableProduct {
    /// The product's name.
    let name: String
    /// The call that registers the product's types.
    let registration: String

    var help: String {
        "it comes with the product \(name): in Package.swift name the product \(name), in the program's code call `\(registration)`"
    }

    /// The products that have source types, by type.
    static let ofSource: [String: LinkableProduct] = {
        let connection = LinkableProduct(
            name: "RealtimeConnection", registration: "registry.registerRealtimeConnection()")
        return ["connect": connection, "proxy": connection]
    }()
}
