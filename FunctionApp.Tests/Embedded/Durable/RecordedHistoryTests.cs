using Advisor.Embedded.Durable;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Embedded.Durable;

public sealed class RecordedHistoryTests
{
    private static readonly RecordedHistory s_history = new(
        "one\"two",
        [
            new(EventKind.Step, At: new DateTime(2026, 1, 5, 9, 0, 0, 123, DateTimeKind.Utc).AddTicks(4567)),
            new(EventKind.Started, Name: "Ordering", Target: "1.1", Data: """{"amount":12.50,"note":"a <b> & ü"}"""),
            new(EventKind.ActivityScheduled, 0, "Price", Data: "null"),
            new(EventKind.TimerCreated, 1, At: new DateTime(2026, 1, 6, 9, 0, 0, DateTimeKind.Utc)),
            new(EventKind.ChildScheduled, 2, "Child", "c-1", Data: "[1,2]"),
            new(EventKind.ChildCompleted, 2, Data: "\"done\""),
        ],
        new RecordedParent("p-1", "Parent"));

    [Fact]
    public void Parse_WhatWasWritten_IsTheSame()
    {
        var json = s_history.ToJson();
        var read = RecordedHistory.Parse(json);
        read.Events.ShouldBe(s_history.Events);
        (read.InstanceId, read.Orchestrator, read.Version, read.Parent).ShouldBe((s_history.InstanceId, "Ordering", "1.1", s_history.Parent));
        json.Split('\n').Count(line => line.Contains("\"kind\":", StringComparison.Ordinal)).ShouldBe(s_history.Events.Count);
        json.ShouldContain("""{"kind":"started","name":"Ordering","target":"1.1","data":{"amount":12.50,"note":"a <b> & ü"}}""");
    }

    [Theory]
    [InlineData("no", "It is not JSON: ")]
    [InlineData("[]", "It is not a JSON object with an 'instance' and a 'history'.")]
    [InlineData("""{"instance":"a"}""", "It is not a JSON object with an 'instance' and a 'history'.")]
    [InlineData("""{"instance":"a","history":[]}""", "The history has no 'started' event that names its orchestrator.")]
    [InlineData("""{"instance":"a","history":[1]}""", "Event 0 is not an object.")]
    [InlineData("""{"instance":"a","history":[{"kind":"begun"}]}""", "Event 0 is of the unknown kind 'begun'.")]
    [InlineData("""{"instance":"a","history":[{"kind":"step"}]}""", "Event 0 is a step without its time ('at').")]
    public void Parse_WhatIsNoHistory_SaysWhy(string json, string why) => Should.Throw<FormatException>(() => RecordedHistory.Parse(json)).Message.ShouldStartWith(why);

    [Theory]
    [InlineData("1.1", VersionMatch.CurrentOrOlder, "1.1", true, false)]
    [InlineData("1.1", VersionMatch.CurrentOrOlder, "1.0", true, true)]
    [InlineData("1.1", VersionMatch.CurrentOrOlder, "", true, true)]
    [InlineData("1.1", VersionMatch.CurrentOrOlder, "1.10", false, false)]
    [InlineData("", VersionMatch.CurrentOrOlder, "1.0", false, false)]
    [InlineData("", VersionMatch.CurrentOrOlder, "", true, false)]
    [InlineData("b", VersionMatch.CurrentOrOlder, "A", true, true)]
    [InlineData("1.1", VersionMatch.Strict, "1.0", false, true)]
    [InlineData("1.1", VersionMatch.Strict, "1.1", true, false)]
    [InlineData("1.1", VersionMatch.None, "2.0", true, false)]
    public void ServedVersions_OfABuild_AreAsItsStrategySays(string current, VersionMatch match, string version, bool served, bool older)
    {
        var versions = new ServedVersions(current, match);
        (versions.Contains(version), versions.IsOlder(version)).ShouldBe((served, older));
    }
}
