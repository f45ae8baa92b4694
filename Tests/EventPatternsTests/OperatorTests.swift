import EventJSON
import Testing

/// Each operator with values that match, that do not match, and of other types; `$or`.
struct OperatorTests {
    @Test(arguments: [
        a(#"{"prefix":"ab"}"#, #""abc""#, true),
        a(#"{"prefix":"ab"}"#, #""ab""#, true),
        a(#"{"prefix":"ab"}"#, #""a""#, false),
        a(#"{"prefix":"ab"}"#, #""xab""#, false),
        a(#"{"prefix":"ab"}"#, #""\u0061\u0062c""#, true),
        a(#"{"prefix":""}"#, #""""#, true),
        a(#"{"prefix":""}"#, "5", false),
        a(#"{"prefix":"t"}"#, "true", false),
        a(#"{"prefix":"n"}"#, "null", false),
        a(#"{"prefix":"response.output_audio."}"#, #""response.output_audio.delta""#, true),
        a(#"{"prefix":"response.output_audio."}"#, #""response.output_audio_delta""#, false),
        a(#"{"suffix":"bc"}"#, #""abc""#, true),
        a(#"{"suffix":"bc"}"#, #""bc""#, true),
        a(#"{"suffix":"bc"}"#, #""c""#, false),
        a(#"{"suffix":"bc"}"#, #""bcx""#, false),
        a(#"{"suffix":""}"#, #""x""#, true),
        a(#"{"suffix":"5"}"#, "15", false),
        // Suffixes are bytes, and never begin inside a character of a pattern.
        a(#"{"suffix":"é"}"#, #""caf\u00e9""#, true),
        a(#"{"prefix":{"equals-ignore-case":"AB"}}"#, #""abc""#, true),
        a(#"{"prefix":{"equals-ignore-case":"éa"}}"#, #""ÉAx""#, true),
        a(#"{"prefix":{"equals-ignore-case":"abc"}}"#, #""AB""#, false),
        a(#"{"suffix":{"equals-ignore-case":".PNG"}}"#, #""x.png""#, true),
        a(#"{"suffix":{"equals-ignore-case":"Ék"}}"#, #""xé\u212a""#, true),
        a(#"{"suffix":{"equals-ignore-case":".png"}}"#, #""x.gif""#, false),
        a(#"{"suffix":{"equals-ignore-case":"abc"}}"#, #""bc""#, false),
    ])
    func prefixAndSuffix_matchBytes(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        a(#"{"equals-ignore-case":"abc"}"#, #""ABC""#, true),
        a(#"{"equals-ignore-case":"ABC"}"#, #""abc""#, true),
        a(#"{"equals-ignore-case":"abc"}"#, #""abcd""#, false),
        a(#"{"equals-ignore-case":"abc"}"#, #""ab""#, false),
        a(#"{"equals-ignore-case":"5"}"#, "5", false),
        a(#"{"equals-ignore-case":"É"}"#, #""é""#, true),
        a(#"{"equals-ignore-case":"k"}"#, #""\u212a""#, true),
        a(#"{"equals-ignore-case":"ß"}"#, #""SS""#, false),
        a(#"{"equals-ignore-case":"ß"}"#, #""ẞ""#, true),
        a(#"{"equals-ignore-case":"İ"}"#, #""i""#, false),
        a(#"{"equals-ignore-case":"I"}"#, #""ı""#, false),
        a(#"{"equals-ignore-case":"ΣΑΣ"}"#, #""σας""#, true),
        a(#"{"equals-ignore-case":"é"}"#, #""e\u0301""#, false),
        a(#"{"equals-ignore-case":"Привет"}"#, #""ПРИВЕТ""#, true),
        a(#"{"equals-ignore-case":"日本"}"#, #""日本""#, true),
        a(#"{"equals-ignore-case":"𐐀"}"#, #""𐐨""#, true),
        a(#"{"equals-ignore-case":"@[`{"}"#, #""`{@[""#, false),
    ])
    func equalsIgnoreCase_foldsCase(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        a(#"{"wildcard":"*"}"#, #""""#, true),
        a(#"{"wildcard":"*"}"#, #""a\n\"b""#, true),
        a(#"{"wildcard":"*"}"#, "5", false),
        a(#"{"wildcard":"*"}"#, "null", false),
        a(#"{"wildcard":""}"#, #""""#, true),
        a(#"{"wildcard":""}"#, #""a""#, false),
        a(#"{"wildcard":"abc"}"#, #""abc""#, true),
        a(#"{"wildcard":"abc"}"#, #""abcd""#, false),
        a(#"{"wildcard":"a*"}"#, #""a""#, true),
        a(#"{"wildcard":"a*"}"#, #""ba""#, false),
        a(#"{"wildcard":"*a"}"#, #""bba""#, true),
        a(#"{"wildcard":"*a"}"#, #""ab""#, false),
        a(#"{"wildcard":"a*a"}"#, #""a""#, false),
        a(#"{"wildcard":"a*a"}"#, #""aa""#, true),
        a(#"{"wildcard":"a*b*c"}"#, #""a__b__bc""#, true),
        a(#"{"wildcard":"a*b*c"}"#, #""acb""#, false),
        a(#"{"wildcard":"*ab*ab*"}"#, #""aab""#, false),
        a(#"{"wildcard":"*ab*ab*"}"#, #""xababx""#, true),
        a(#"{"wildcard":"a?c"}"#, #""abc""#, false),
        a(#"{"wildcard":"a?c"}"#, #""a?c""#, true),
        a(#"{"wildcard":"a\\*c"}"#, #""a*c""#, true),
        a(#"{"wildcard":"a\\*c"}"#, #""abc""#, false),
        a(#"{"wildcard":"a\\\\c"}"#, #""a\\c""#, true),
        a(#"{"wildcard":"\\**"}"#, #""*x""#, true),
        a(#"{"wildcard":"*é*"}"#, #""caf\u00e9s""#, true),
        a(#"{"wildcard":"*é*"}"#, #""cafès""#, false),
        a(#"{"wildcard":"response.*.delta"}"#, #""response.output_audio.delta""#, true),
        a(#"{"wildcard":"response.*.delta"}"#, #""response.delta""#, false),
        a(#"{"wildcard":"*a*b*c*d*e*f*g*h"}"#, #""xaxbxcxdxexfxgxh""#, true),
    ])
    func wildcard_matchesWholeString(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        a(#"{"exists":true}"#, "null", true),
        a(#"{"exists":true}"#, "false", true),
        a(#"{"exists":true}"#, #""""#, true),
        a(#"{"exists":true}"#, #"{"b":1}"#, false),
        a(#"{"exists":true}"#, "{}", false),
        a(#"{"exists":true}"#, "[]", false),
        a(#"{"exists":true}"#, #"[{"b":1}]"#, false),
        a(#"{"exists":true}"#, #"[{"b":1},"x"]"#, true),
        Row(#"{"a":[{"exists":true}]}"#, "{}", false),
        Row(#"{"a":[{"exists":false}]}"#, "{}", true),
        a(#"{"exists":false}"#, "{}", true),
        a(#"{"exists":false}"#, "[]", true),
        a(#"{"exists":false}"#, #"{"b":1}"#, true),
        a(#"{"exists":false}"#, "null", false),
        Row(#"{"a":{"b":[{"exists":false}]}}"#, "{}", true),
        Row(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a":"x"}"#, true),
        Row(#"{"a":{"b":[{"exists":false}]}}"#, #"{"a":[]}"#, true),
        Row(#"{"a":[{"exists":false},"x"]}"#, "{}", true),
        Row(#"{"a":[{"exists":false},"x"]}"#, #"{"a":"x"}"#, true),
        Row(#"{"a":[{"exists":false},"x"]}"#, #"{"a":"y"}"#, false),
        Row(#"{"a":[{"exists":false},{"exists":true}]}"#, "{}", true),
        Row(#"{"a":[{"exists":false},{"anything-but":"x"}]}"#, "{}", true),
        Row(#"{"a":[{"exists":false},{"anything-but":"x"}]}"#, #"{"a":"x"}"#, false),
    ])
    func exists_checksPresence(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        a(#"{"anything-but":"x"}"#, #""y""#, true),
        a(#"{"anything-but":"x"}"#, #""x""#, false),
        a(#"{"anything-but":["x","y"]}"#, #""y""#, false),
        a(#"{"anything-but":["x","y"]}"#, #""z""#, true),
        Row(#"{"a":[{"anything-but":"x"}]}"#, "{}", false),
        a(#"{"anything-but":"x"}"#, "[]", false),
        a(#"{"anything-but":"x"}"#, "{}", false),
        // A value of another type matches.
        a(#"{"anything-but":"x"}"#, "5", true),
        a(#"{"anything-but":"x"}"#, "true", true),
        a(#"{"anything-but":"x"}"#, "null", true),
        a(#"{"anything-but":5}"#, #""abc""#, true),
        a(#"{"anything-but":5}"#, "null", true),
        a(#"{"anything-but":5}"#, "5.0", false),
        a(#"{"anything-but":[5,6]}"#, "6e0", false),
        a(#"{"anything-but":{"prefix":"x"}}"#, "5", true),
        // Any element.
        a(#"{"anything-but":"x"}"#, #"["x","y"]"#, true),
        a(#"{"anything-but":"x"}"#, #"["x","x"]"#, false),
        a(#"{"anything-but":{"prefix":"re"}}"#, #""refund""#, false),
        a(#"{"anything-but":{"prefix":"re"}}"#, #""fund""#, true),
        a(#"{"anything-but":{"prefix":["a","b"]}}"#, #""bx""#, false),
        a(#"{"anything-but":{"prefix":["a","b"]}}"#, #""cx""#, true),
        a(#"{"anything-but":{"suffix":".delta"}}"#, #""response.delta""#, false),
        a(#"{"anything-but":{"suffix":[".delta",".done"]}}"#, #""response.created""#, true),
        a(#"{"anything-but":{"equals-ignore-case":"abc"}}"#, #""ABC""#, false),
        a(#"{"anything-but":{"equals-ignore-case":["abc","def"]}}"#, #""DEF""#, false),
        a(#"{"anything-but":{"equals-ignore-case":["abc","def"]}}"#, #""DEFG""#, true),
        a(#"{"anything-but":{"wildcard":"a*b"}}"#, #""a-b""#, false),
        a(#"{"anything-but":{"wildcard":["a*b","*c"]}}"#, #""xc""#, false),
        a(#"{"anything-but":{"wildcard":["a*b","*c"]}}"#, #""xd""#, true),
        a(#"{"anything-but":{"regexp":"[0-9]+"}}"#, #""42""#, false),
        a(#"{"anything-but":{"regexp":"[0-9]+"}}"#, #""4x""#, true),
        a(#"{"anything-but":{"phrase":["refund*","lawyer"]}}"#, #""My LAWYER!""#, false),
        a(#"{"anything-but":{"phrase":["refund*","lawyer"]}}"#, #""Lawyers""#, true),
        // Neither alternative alone holds.
        a(#"{"anything-but":{"wildcard":"*"}},{"equals-ignore-case":"e"}"#, #""ab""#, false),
    ])
    func anythingBut_matchesOtherValues(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        Row(#"{"a":[{"list":"colours"}]}"#, #"{"a":"red"}"#, true),
        Row(#"{"a":[{"list":"colours"}]}"#, #"{"a":"blue"}"#, false),
        Row(#"{"a":["blue",{"list":"colours"}]}"#, #"{"a":"blue"}"#, true),
        Row(#"{"a":[{"list":"mixed"}]}"#, #"{"a":5.0}"#, true),
        Row(#"{"a":[{"list":"mixed"}]}"#, #"{"a":null}"#, true),
        Row(#"{"a":[{"list":"mixed"}]}"#, #"{"a":"5"}"#, false),
        Row(#"{"a":[{"anything-but":{"list":"colours"}}]}"#, #"{"a":"red"}"#, false),
        Row(#"{"a":[{"anything-but":{"list":"colours"}}]}"#, #"{"a":"blue"}"#, true),
        Row(#"{"a":[{"anything-but":["blue",{"list":"colours"}]}]}"#, #"{"a":"blue"}"#, false),
        Row(#"{"a":[{"anything-but":["blue",{"list":"colours"}]}]}"#, #"{"a":"green"}"#, false),
        Row(#"{"a":[{"anything-but":{"prefix":{"list":"colours"}}}]}"#, #"{"a":"reddish"}"#, false),
        Row(#"{"a":[{"phrase":{"list":"colours"}}]}"#, #"{"a":"A green one."}"#, true),
        Row(#"{"a":[{"phrase":["blue",{"list":"colours"}]}]}"#, #"{"a":"A greenish one."}"#, false),
    ])
    func list_matchesItsValues(_ row: Row) throws {
        let lists: [String: [JSONValue]] = ["colours": ["red", "green"], "mixed": [5, nil, "x"]]
        #expect(try matches(row.pattern, row.event, lists: lists) == row.verdict)
    }

    @Test(arguments: [
        a(#"{"cidr":"10.0.0.0/8"}"#, #""10.255.0.1""#, true),
        a(#"{"cidr":"10.0.0.0/8"}"#, #""11.0.0.1""#, false),
        a(#"{"cidr":"10.0.0.7/24"}"#, #""10.0.0.200""#, true),
        a(#"{"cidr":"10.0.0.7/32"}"#, #""10.0.0.7""#, true),
        a(#"{"cidr":"10.0.0.7/32"}"#, #""10.0.0.8""#, false),
        a(#"{"cidr":"0.0.0.0/0"}"#, #""255.255.255.255""#, true),
        a(#"{"cidr":"0.0.0.0/0"}"#, #""::1""#, false),
        a(#"{"cidr":"10.0.0.0/8"}"#, #""10.0.0.01""#, false),
        a(#"{"cidr":"10.0.0.0/8"}"#, #""10.0.0""#, false),
        a(#"{"cidr":"10.0.0.0/8"}"#, #""10.0.0.256""#, false),
        a(#"{"cidr":"10.0.0.0/8"}"#, #""10.0.0.1 ""#, false),
        a(#"{"cidr":"10.0.0.0/8"}"#, #""host""#, false),
        a(#"{"cidr":"10.0.0.0/8"}"#, "10", false),
        a(#"{"cidr":"2001:db8::/32"}"#, #""2001:DB8:1::5""#, true),
        a(#"{"cidr":"2001:db8::/32"}"#, #""2001:db9::5""#, false),
        a(#"{"cidr":"::1/128"}"#, #""0:0:0:0:0:0:0:1""#, true),
        a(#"{"cidr":"::1/128"}"#, #""::2""#, false),
        a(#"{"cidr":"::/0"}"#, #""1:2:3:4:5:6:7:8""#, true),
        a(#"{"cidr":"::/0"}"#, #""1:2:3:4:5:6:7::""#, true),
        a(#"{"cidr":"::/0"}"#, #""1:2:3:4:5:6:7""#, false),
        a(#"{"cidr":"::/0"}"#, #""1:2:3:4:5:6:7:8:9""#, false),
        a(#"{"cidr":"::/0"}"#, #""1::2::3""#, false),
        a(#"{"cidr":"::/0"}"#, #"":1""#, false),
        a(#"{"cidr":"::/0"}"#, #""1:""#, false),
        a(#"{"cidr":"::/0"}"#, #""fe80::1%eth0""#, false),
        a(#"{"cidr":"::/0"}"#, #""12345::""#, false),
        a(#"{"cidr":"::ffff:10.0.0.0/120"}"#, #""::ffff:10.0.0.9""#, true),
        a(#"{"cidr":"::ffff:10.0.0.0/120"}"#, #""::ffff:a00:9""#, true),
        a(#"{"cidr":"::ffff:10.0.0.0/120"}"#, #""10.0.0.9""#, false),
    ])
    func cidr_matchesAddressesInBlock(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        a(#"{"numeric":["=",5]}"#, "5.0", true),
        a(#"{"numeric":["=",5]}"#, #""5""#, false),
        a(#"{"numeric":["<",5]}"#, "4.999", true),
        a(#"{"numeric":["<",5]}"#, "5", false),
        a(#"{"numeric":["<=",5]}"#, "5", true),
        a(#"{"numeric":[">",5]}"#, "5", false),
        a(#"{"numeric":[">",5]}"#, "5.0000001", true),
        a(#"{"numeric":[">=",5]}"#, "5e0", true),
        a(#"{"numeric":[">=",0,"<",10]}"#, "0", true),
        a(#"{"numeric":[">=",0,"<",10]}"#, "-0", true),
        a(#"{"numeric":[">=",0,"<",10]}"#, "10", false),
        a(#"{"numeric":[">",-5,"<=",-1]}"#, "-1", true),
        a(#"{"numeric":[">",-5,"<=",-1]}"#, "-5", false),
        a(#"{"numeric":[">",-5,"<=",-1]}"#, "-4.5", true),
        a(#"{"numeric":["<",0]}"#, "-1e-300", true),
        a(#"{"numeric":[">",0]}"#, "1e300", true),
        a(#"{"numeric":[">",0]}"#, "true", false),
        a(#"{"numeric":[">",0]}"#, "null", false),
        a(#"{"numeric":[">",0.5]}"#, "0.51", true),
        a(#"{"numeric":[">",0.5]}"#, "0.0051", false),
        // Numbers that binary64 cannot hold are never compared.
        a(#"{"numeric":[">",0]}"#, "1e400", false),
        a(#"{"numeric":[">",0]}"#, "9007199254740993", false),
        a(#"{"numeric":[">",0]}"#, "9007199254740992", true),
        a(#"{"numeric":[">",0]}"#, "0.1000000000000000055511151231257827", false),
        a(#"{"numeric":["<",0]}"#, "-0.12345678901234568", true),
        a(#"{"numeric":["<",0]}"#, "-0.0002837168", true),
    ])
    func numeric_comparesExactValues(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }

    @Test(arguments: [
        Row(#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":1}"#, true),
        Row(#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"b":2}"#, true),
        Row(#"{"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":2,"b":1}"#, false),
        Row(#"{"c":[3],"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":1,"c":3}"#, true),
        Row(#"{"c":[3],"$or":[{"a":[1]},{"b":[2]}]}"#, #"{"a":1}"#, false),
        Row(#"{"d":{"$or":[{"a":[1]},{"b":[2]}]}}"#, #"{"d":{"b":2}}"#, true),
        Row(#"{"d":{"$or":[{"a":[1]},{"b":[2]}]}}"#, #"{"b":2}"#, false),
        Row(#"{"$or":[{"a":[1]},{"$or":[{"b":[2]},{"c":[3]}]}]}"#, #"{"c":3}"#, true),
        // A field that a branch repeats means AND.
        Row(#"{"a":["1"],"$or":[{"a":["2"]},{"b":[1]}]}"#, #"{"a":"2"}"#, false),
        Row(#"{"a":["1"],"$or":[{"a":["2"]},{"b":[1]}]}"#, #"{"a":"1","b":1}"#, true),
        Row(#"{"a":[{"prefix":"x"}],"$or":[{"a":[{"suffix":"y"}]},{"b":[1]}]}"#, #"{"a":"xy"}"#, true),
        Row(#"{"a":[{"prefix":"x"}],"$or":[{"a":[{"suffix":"y"}]},{"b":[1]}]}"#, #"{"a":["xa","by"]}"#, false),
        // A branch and the fields outside it use the same array elements.
        Row(#"{"e":{"f":[1],"$or":[{"g":[2]},{"h":[3]}]}}"#, #"{"e":[{"f":1},{"g":2}]}"#, false),
        Row(#"{"e":{"f":[1],"$or":[{"g":[2]},{"h":[3]}]}}"#, #"{"e":[{"f":1,"h":3},{"g":2}]}"#, true),
        Row(#"{"$or":[{"type":["x"]},{"type":["y"],"a":[1]}]}"#, #"{"type":"y","a":1}"#, true),
        Row(#"{"$or":[{"type":["x"]},{"type":["y"],"a":[1]}]}"#, #"{"type":"y"}"#, false),
    ])
    func or_matchesOneBranch(_ row: Row) throws {
        #expect(try matches(row.pattern, row.event) == row.verdict)
    }
}
