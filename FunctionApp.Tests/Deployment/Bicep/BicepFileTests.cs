using Shouldly;
using Xunit;

namespace Advisor.Tests.Deployment.Bicep;

public sealed class BicepFileTests
{
    [Fact]
    public void Parse_EveryKindOfStatement_IsRead()
    {
        var file = BicepFile.Parse("a.bicep", """
            targetScope = 'subscription'
            @allowed(['a', 'b'])
            param given string = 'a' // why
            param needed endpoint[]
            type endpoint = {
              name: string
              zone: int?
            }
            var sum = given == 'a' ? [1] : []
            resource one 'Microsoft.X/ys@2026-01-01' existing = if (empty(needed)) {
              name: '${given}-${toLower('X')}'
            }
            module other 'modules/b.bicep' = {
              params: { 'odd name': one!.properties.?id ?? first(sum), list: map(needed, item => item.name) }
            }
            resource many 'Microsoft.X/zs@2026-01-01' = [
              for (item, i) in needed: {
                name: item.name
                values: [
                  [sum]
                  [i]
                ]
              }
            ]
            output id string = other.outputs.id
            """);
        file.Parameters.ShouldBe([new BicepParameter("given", "string", false), new BicepParameter("needed", "endpoint[]", true)]);
        file.Resources.Select(resource => (resource.Symbol, resource.IsExisting)).ShouldBe([("one", true), ("many", false)]);
        file.Modules.ShouldHaveSingleItem().Object["params"]!["odd name"].ShouldNotBeNull();
        file.Outputs.Keys.ShouldBe(["id"]);
        file.Expressions.SelectMany(expression => expression.Free()).Select(name => name.Text).Distinct().Order().ShouldBe(["given", "needed", "one", "other", "sum"]);
        file.AllNodes.Single(node => node is { Kind: BicepKind.Property, Text: "values" }).Children[0].Children.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("var a = {\n  b: 1\n", "line 3: a name is missing before ''")]
    [InlineData("var a = [1 2]", "line 1: ',' or ']' is missing before '2]'")]
    [InlineData("var a = 'text", "line 1: the end of a text is missing before ''")]
    [InlineData("resource a b = {}", "line 1: a text without interpolation is missing before ' = {}'")]
    [InlineData("vra a = 1", "line 1: 'vra' begins no statement; something is wrong before ' = 1'")]
    [InlineData("var a = [for x of y: x]", "line 1: 'in' is missing before ' of y: x]'")]
    public void Parse_WhatIsNoBicep_SaysWhereAndWhat(string source, string message) =>
        Should.Throw<FormatException>(() => BicepFile.Parse("a.bicep", source)).Message.ShouldStartWith(message);
}
