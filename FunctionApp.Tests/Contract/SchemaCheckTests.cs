using System.Text.Json;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>The checks of schemas, each seen to pass and to fail.</summary>
public sealed class SchemaCheckTests
{
    private const string Description = """
        paths: {}
        components:
          schemas:
            Link:
              type: object
              additionalProperties: false
              required: [href]
              properties:
                href: {type: string, pattern: '^/'}
        """;

    private static readonly SchemaCheck s_check = new(OpenApiFile.Parse(Description));

    [Theory]
    [InlineData("{type: object}", "{}", "[]")]
    [InlineData("{type: array}", "[]", "{}")]
    [InlineData("{type: string}", "\"a\"", "1")]
    [InlineData("{type: boolean}", "false", "\"false\"")]
    [InlineData("{type: number}", "1.5", "\"1.5\"")]
    [InlineData("{type: integer}", "2.0", "2.5")]
    [InlineData("{type: string, nullable: true}", "null", "1")]
    [InlineData("{type: string}", "\"\"", "null")]
    [InlineData("{enum: [a, 2]}", "2", "\"2\"")]
    [InlineData("{type: object, required: [a]}", "{\"a\": null}", "{\"b\": 1}")]
    [InlineData("{type: object, properties: {a: {type: string}}}", "{\"b\": 1}", "{\"a\": 1}")]
    [InlineData("{type: object, additionalProperties: false, properties: {a: {type: string}}}", "{\"a\": \"\"}", "{\"a\": \"\", \"b\": 1}")]
    [InlineData("{type: object, additionalProperties: {type: integer}, properties: {a: {type: string}}}", "{\"a\": \"\", \"b\": 1}", "{\"b\": \"\"}")]
    [InlineData("{type: object, additionalProperties: true}", "{\"a\": {}}", "1")]
    [InlineData("{type: array, items: {type: integer}}", "[1, 2]", "[1, \"2\"]")]
    [InlineData("{type: array, minItems: 1}", "[1]", "[]")]
    [InlineData("{type: array, maxItems: 1}", "[1]", "[1, 2]")]
    [InlineData("{type: array, uniqueItems: true}", "[1, {}]", "[{}, {}]")]
    [InlineData("{type: string, minLength: 2}", "\"ab\"", "\"a\"")]
    [InlineData("{type: string, maxLength: 2}", "\"ab\"", "\"abc\"")]
    [InlineData("{type: string, pattern: '^[a-z]+$'}", "\"ab\"", "\"a1\"")]
    [InlineData("{type: string, format: date-time}", "\"2026-11-21T05:10:22.4899791+00:00\"", "\"2026-11-21 05:10\"")]
    [InlineData("{type: string, format: date-time}", "\"2026-11-21T05:10:22Z\"", "\"2026-11-21T05:10:22\"")]
    [InlineData("{type: string, format: date}", "\"2025-12-31\"", "\"2025-12-32\"")]
    [InlineData("{type: string, format: uuid}", "\"01a1fc83-4019-7b5a-8fd2-381c4c7e2892\"", "\"01a1fc83\"")]
    [InlineData("{type: string, format: uri}", "\"https://a.example/b\"", "\"b\"")]
    [InlineData("{type: string, format: uri-reference}", "\"/a?b=c\"", "\"/a b\"")]
    [InlineData("{type: string, format: email}", "\"ana@a.example\"", "\"ana@\"")]
    [InlineData("{type: integer, format: int32}", "1", "3000000000")]
    [InlineData("{type: integer, format: int64}", "3000000000", "10000000000000000000")]
    [InlineData("{type: number, minimum: 1}", "1", "0.99")]
    [InlineData("{type: number, minimum: 1, exclusiveMinimum: true}", "1.01", "1")]
    [InlineData("{type: number, maximum: 1}", "1", "1.01")]
    [InlineData("{type: number, maximum: 1, exclusiveMaximum: true}", "0.99", "1")]
    [InlineData("{oneOf: [{type: string}, {type: integer}]}", "1", "1.5")]
    [InlineData("{oneOf: [{type: number}, {type: integer}]}", "1.5", "1")]
    [InlineData("{anyOf: [{type: number}, {type: integer}]}", "1", "\"\"")]
    [InlineData("{allOf: [{type: number}, {minimum: 1}]}", "1", "0")]
    [InlineData("{$ref: '#/components/schemas/Link'}", "{\"href\": \"/a\"}", "{\"href\": \"a\"}")]
    [InlineData("{type: array, items: {$ref: '#/components/schemas/Link'}}", "[{\"href\": \"/a\"}]", "[{}]")]
    [InlineData("{description: anything}", "null", null)]
    public void Faults_OfAValue_AreNoneOnlyWhenItFits(string schema, string fitting, string? unfitting)
    {
        var read = YamlJson.Parse(schema);
        s_check.Faults(read, JsonElement.Parse(fitting)).ShouldBeEmpty();
        if (unfitting is not null)
        {
            s_check.Faults(read, JsonElement.Parse(unfitting)).Count.ShouldBe(1);
        }
    }

    [Fact]
    public void Faults_DeepInside_NameThePlace()
    {
        var schema = YamlJson.Parse("{type: object, properties: {links: {type: array, items: {$ref: '#/components/schemas/Link'}}}}");
        s_check.Faults(schema, JsonElement.Parse("""{"links": [{"href": "/a"}, {"href": "b", "rel": "c"}]}"""))
            .ShouldBe(["$.links[1] has 'rel', which is not described", "$.links[1].href is 'b', against pattern ^/"]);
    }

    [Theory]
    [InlineData("{not: {}}")]
    [InlineData("{type: number, multipleOf: 2}")]
    [InlineData("{type: string, format: hostname}")]
    [InlineData("{type: money}")]
    [InlineData("{$ref: '#/components/schemas/Link', nullable: true}")]
    public void Faults_SchemaWithWhatIsNotChecked_AreRefused(string schema)
    {
        foreach (var value in new[] { "\"a\"", "2", "{}" }.Where(value => !schema.Contains("string") || value == "\"a\""))
        {
            Should.Throw<NotSupportedException>(() => s_check.Faults(YamlJson.Parse(schema), JsonElement.Parse(value)));
        }
    }

    [Fact]
    public void Faults_ReferenceToNothing_AreRefused() =>
        Should.Throw<KeyNotFoundException>(() => s_check.Faults(YamlJson.Parse("{$ref: '#/components/schemas/Gone'}"), JsonElement.Parse("{}")));

    [Fact]
    public void Parse_Scalars_HaveTheTypesOfYaml() =>
        YamlJson.Parse("[1, -2.50, '3', \"4\", true, 'true', null, '', no, 2025-12-31, 1e3, |-\n  5\n]".Replace("|-\n  5\n", "'5'")).GetRawText()
            .ShouldBe("""[1,-2.50,"3","4",true,"true",null,"","no","2025-12-31",1e3,"5"]""");
}
