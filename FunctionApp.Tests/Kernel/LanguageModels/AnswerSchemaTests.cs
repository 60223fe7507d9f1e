using Advisor.Kernel.LanguageModels;
using Advisor.Kernel.Reasoning.Claims;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Kernel.LanguageModels;

public sealed class AnswerSchemaTests
{
    private const string Schema = """
        {"type":"object","required":["claims","sure"],"additionalProperties":false,"properties":{"claims":{"type":"array"},"sure":{"type":["boolean","null"]},"count":{"type":"integer"}}}
        """;

    [Theory]
    [InlineData("""{"claims":[{"any":"thing"}],"sure":true}""", null)]
    [InlineData("""{"claims":[],"sure":null,"count":3}""", null)]
    [InlineData("""{"claims":[],"sure":true,"count":3.5}""", "it has a member that the schema does not allow")]
    [InlineData("""{"claims":{},"sure":true}""", "it has a member that the schema does not allow")]
    [InlineData("""{"claims":[],"sure":true,"more":1}""", "it has a member that the schema does not allow")]
    [InlineData("""{"claims":[]}""", "a member that the schema requires is missing")]
    [InlineData("""[]""", "it is not a JSON object")]
    [InlineData("""{"claims":[],"claims":[1],"sure":true}""", "it is not JSON")]
    [InlineData("""{"claims":[],"sure":true} and more""", "it is not JSON, line 1")]
    [InlineData("", "it is not JSON, line 1")]
    public void FaultOf_Answer_IsJudgedByItsTop(string answer, string? fault) => AnswerSchema.FaultOf(answer, Schema).ShouldBe(fault);

    [Fact]
    public void FaultOf_DeepNesting_IsNoJson() =>
        AnswerSchema.FaultOf($$"""{"claims":{{new string('[', 40)}}{{new string(']', 40)}},"sure":true}""", Schema).ShouldBe("it is not JSON, line 1");

    [Theory]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false,"properties":{"a":{"type":"string"}}}""", true)]
    [InlineData("""{"type":"object","required":[],"additionalProperties":false,"properties":{"a":{"type":"string"}}}""", false)]
    [InlineData("""{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}""", false)]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false,"properties":{"a":{"type":"string","maxLength":9}}}""", false)]
    [InlineData("""{"type":"object","required":["a"],"additionalProperties":false,"properties":{"a":{"type":"array","items":{"type":"object","properties":{}}}}}""", false)]
    [InlineData(ClaimSchema.Json, false)]
    public void IsStrict_Schema_OnlyWhereServersTakeIt(string schema, bool strict) => AnswerSchema.IsStrict(schema).ShouldBe(strict);
}
