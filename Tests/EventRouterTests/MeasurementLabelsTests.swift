import EventRouter
import Testing

@Suite struct MeasurementLabelsTests {
    private static func texts(_ labels: MeasurementLabels) -> [String] {
        labels.map { "\($0.name)=\($0.value)" }
    }

    @Test func labelsStandInTheOrderOfTheirNames() {
        #expect(Self.texts(["b": "2", "c": "3", "a": "1"]) == ["a=1", "b=2", "c=3"])
        #expect(Self.texts(["b": "2", "a": "1", "b": "3"]) == ["a=1", "b=3"])
        #expect(Self.texts(["a": "1", "a": "2"]) == ["a=2"])
        #expect(MeasurementLabels().isEmpty)
    }

    @Test func aLabelIsSetAndTakenAway() {
        var labels: MeasurementLabels = ["b": "2"]
        labels["c"] = "3"
        labels["a"] = "1"
        labels["b"] = "4"
        #expect(Self.texts(labels) == ["a=1", "b=4", "c=3"])
        #expect(labels["b"] == "4")
        labels["b"] = nil
        labels["d"] = nil
        #expect(Self.texts(labels) == ["a=1", "c=3"])
        #expect(labels["b"] == nil)
    }

    @Test func labelsAreEqualByNamesAndValues() {
        let labels: MeasurementLabels = ["a": "1", "b": "2"]
        #expect(labels == ["b": "2", "a": "1"])
        #expect(labels.hashValue == (["b": "2", "a": "1"] as MeasurementLabels).hashValue)
        #expect(labels != ["a": "1"])
        #expect(labels != ["a": "1", "b": "3"])
        #expect(labels != ["a": "1", "c": "2"])
    }
}
