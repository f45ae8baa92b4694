import EventJSON
import Testing

struct JSONOutlineTests {
    private func search(_ text: String) throws -> MemberSearch {
        try #require(MemberSearch(JSONOutline(parsing: Array(text.utf8)).root))
    }

    private func text(_ search: inout MemberSearch, _ name: StaticString) -> String? {
        let index = search.index(name)
        return index < 0 ? nil : search.value(at: index).string
    }

    @Test func membersAreFoundInAnyOrder() throws {
        var members = try search(#"{"type":"a","skipped":[{"type":"x"}],"a rather long name":"b","":"c"}"#)
        #expect(text(&members, "a rather long name") == "b")
        #expect(text(&members, "type") == "a")
        #expect(text(&members, "") == "c")
        #expect(text(&members, "type") == "a")
        #expect(text(&members, "a rather long nam_") == nil)
        #expect(text(&members, "typ") == nil)
    }

    @Test func nullIsNoValue() throws {
        var members = try search(#"{"a":null,"b":"x"}"#)
        #expect(text(&members, "a") == nil)
        #expect(text(&members, "b") == "x")
    }

    @Test(arguments: [
        #"{"b":"1","b":"2","a":"x"}"#, #"{"b":"1","a":"x","\u0062":"2"}"#, #"{"\u0062":"1","b":"2","a":"x"}"#,
    ])
    func theLastOfEqualKeysCounts(event: String) throws {
        var members = try search(event)
        #expect(text(&members, "b") == "2")
        #expect(text(&members, "a") == "x")
        #expect(text(&members, "b") == "2")
    }

    @Test func largeObjectsAreSearchedToo() throws {
        let many = (0..<500).map { #""key\#($0)":"\#($0)""# }.joined(separator: ",")
        var members = try search(#"{\#(many),"key7":"again"}"#)
        #expect(text(&members, "key499") == "499")
        #expect(text(&members, "key7") == "again")
        #expect(text(&members, "key500") == nil)
    }

    @Test func onlyObjectsHaveMembers() throws {
        #expect(MemberSearch(try JSONOutline(parsing: Array("[{}]".utf8)).root) == nil)
    }

    @Test func valuesAreReadInPlace() throws {
        let root = try JSONOutline(
            parsing: Array(#"["h\u00e9 \ud83d\ude00",5.0e0,-0.25,true,null,{"a":[1],"a":2}]"#.utf8)
        ).root
        var elements: [JSONOutline.Value] = []
        root.forEachElement { elements.append($0) }
        #expect(elements.map(\.kind) == [.string, .number, .number, .true, .null, .object])
        #expect(elements[0].string == "hé 😀")
        #expect(elements[1].int == 5)
        #expect(elements[2].double == -0.25)
        #expect(elements[2].int == nil)
        #expect(elements[3].bool == true)
        var members: [String] = []
        elements[5].forEachMember { members.append("\($0) \($1.json)") }
        #expect(members == ["a [1]", "a 2"])
    }
}
