using System.Text.Json;
using Advisor.Kernel;
using Advisor.Kernel.Http;
using Advisor.Kernel.Tenancy;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>The description against the functions of the product, and against itself.</summary>
public sealed class DescriptionTests
{
    private static readonly OpenApiFile s_file = OpenApiFile.Current;

    [Fact]
    public void EveryRoute_IsDescribed_AndNothingElse() =>
        s_file.Operations.Select(operation => $"{operation.Id}: {operation.Method} {operation.Path}").Order()
            .ShouldBe(Functions().SelectMany(function => function.Http!.Methods!.Select(method => $"{function.Name}: {method} /{function.Http.Route}")).Order());

    [Fact]
    public void EveryOperation_Roles_AreThoseOfItsFunction()
    {
        var access = new FunctionAccess(typeof(Composition).Assembly);
        s_file.Operations.Select(operation => (operation.Id, operation.IsAnonymous, Roles: string.Join(' ', operation.Roles.Order())))
            .ShouldBe(s_file.Operations.Select(operation => (operation.Id, access.Of(operation.Id).Anyone,
                Roles: string.Join(' ', access.Of(operation.Id).Roles.Select(role => role.ToString().ToLowerInvariant()).Order()))));
        foreach (var operation in s_file.Operations)
        {
            var text = operation.Json.GetProperty("description").GetString()!;
            operation.Roles.ShouldAllBe(role => text.Contains(role), $"{operation.Id} does not say in its description who may call it");
            text.Contains("Needs no credential", StringComparison.Ordinal).ShouldBe(operation.IsAnonymous, operation.Id);
        }
    }

    [Fact]
    public void EveryOperation_HasTheAnswersOfItsKind()
    {
        var functions = Functions().ToDictionary(function => function.Name, StringComparer.Ordinal);
        s_file.Operations.SelectMany(operation => AnswersOfItsKind(operation, functions[operation.Id]).Except(s_file.Responses(operation).Keys).Select(status => $"{operation.Id} {status}"))
            .ShouldBeEmpty();
        s_file.Operations.Where(operation => s_file.Parameters(operation).Any(parameter => parameter.GetProperty("name").GetString() == "Idempotency-Key") != (operation.Method == "post"))
            .Select(operation => operation.Id).ShouldBeEmpty();
    }

    [Fact]
    public void EveryParameterOfAPath_IsDescribed() => s_file.Operations
        .Where(operation => !operation.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')).Order().SequenceEqual(
            s_file.Parameters(operation).Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!).Order()))
        .Select(operation => operation.Id).ShouldBeEmpty();

    [Fact]
    public void EveryParameterOfAQuery_IsDescribed_AndNothingElse() => Functions()
        .Select(function => $"{function.Name}: {string.Join(' ', (function.Attribute<QueryParametersAttribute>()?.Names ?? []).Order())}").Order()
        .ShouldBe(s_file.Operations.Select(operation => $"{operation.Id}: {string.Join(' ', s_file.Parameters(operation)
            .Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!).Order())}").Order());

    [Fact]
    public void EverySchema_UsesOnlyWhatIsChecked() =>
        Found("schema").Concat(s_file.At("#/components/schemas").EnumerateObject().Select(schema => (At: schema.Name, schema.Value)))
            .SelectMany(found => SchemaCheck.UnknownKeywords(found.Value).Select(keyword => $"{found.At}: {keyword}")).ShouldBeEmpty();

    [Fact]
    public void EveryObject_IsClosed() => s_file.At("#/components/schemas").EnumerateObject()
        .Where(schema => schema.Value.TryGetProperty("properties", out _) && !schema.Value.TryGetProperty("additionalProperties", out _)).Select(schema => schema.Name).ShouldBeEmpty();

    [Fact]
    public void EveryExample_FitsItsSchema()
    {
        var check = new SchemaCheck(s_file);
        var examples = Objects().Where(found => found.Value.TryGetProperty("schema", out _)).SelectMany(found => Examples(found.Value).Select(example => (found.At, found.Value, Example: example))).ToList();
        examples.SelectMany(found => check.Faults(found.Value.GetProperty("schema"), found.Example).Select(fault => $"{found.At}: {fault}")).ShouldBeEmpty();
        examples.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void EveryBody_HasAnExample()
    {
        var bodies = s_file.Operations.SelectMany(operation => s_file.Responses(operation).Select(response => (At: $"{operation.Id} {response.Key}", Body: response.Value))
            .Concat(operation.Json.TryGetProperty("requestBody", out var body) ? [($"{operation.Id} request", body)] : []));
        bodies.Where(body => body.Body.TryGetProperty("content", out _))
            .SelectMany(body => body.Body.GetProperty("content").EnumerateObject().Select(media => (At: $"{body.At} {media.Name}", Media: media.Value)))
            .Where(media => !media.At.EndsWith("image/png", StringComparison.Ordinal) && !Examples(media.Media).Any())
            .Select(media => media.At).ShouldBeEmpty();
    }

    [Fact]
    public void EveryLinkOfAnExample_LeadsSomewhere() => Objects().Where(found => found.Value.TryGetProperty("schema", out _))
        .SelectMany(found => Examples(found.Value)).SelectMany(AnswerCheck.Hrefs).Select(s_file.FaultOfLink).OfType<string>().ShouldBeEmpty();

    [Fact]
    public void EveryErrorOfAnOperation_SaysItsProblems() => s_file.Operations
        .SelectMany(operation => s_file.Responses(operation).Where(response => response.Key >= 400 && !response.Value.TryGetProperty("x-problems", out _)).Select(response => $"{operation.Id} {response.Key}"))
        .ShouldBeEmpty();

    /// <summary>What stands around every function refuses by its attributes.</summary>
    private static IEnumerable<int> AnswersOfItsKind(DescribedOperation operation, ProductFunction function)
    {
        IEnumerable<int> known = operation.IsAnonymous ? [] : [401, 500, 503];
        return known.Concat(operation.Roles.Count > 0 ? [403] : Array.Empty<int>())
            .Concat(function.Has<NotRateLimitedAttribute>() ? Array.Empty<int>() : [429])
            .Concat(function.Attribute<AnswersInAttribute>()?.MediaTypes.Contains("*/*") == true ? Array.Empty<int>() : [406])
            .Concat(function.Has<QueryParametersAttribute>() ? [400] : Array.Empty<int>())
            .Concat(operation.Json.TryGetProperty("requestBody", out _) ? [400, 413, 415] : Array.Empty<int>())
            .Concat(operation.Method == "post" ? [400, 409, 415, 422] : Array.Empty<int>());
    }

    private static IEnumerable<JsonElement> Examples(JsonElement holder)
    {
        if (holder.TryGetProperty("example", out var one))
        {
            yield return one;
        }

        if (holder.TryGetProperty("examples", out var many))
        {
            foreach (var example in many.EnumerateObject())
            {
                yield return s_file.Resolve(example.Value).GetProperty("value");
            }
        }
    }

    private static IEnumerable<(string At, JsonElement Value)> Found(string name) =>
        Objects().Where(found => found.Value.TryGetProperty(name, out _)).Select(found => (found.At, found.Value.GetProperty(name)));

    /// <summary>Every object of the file with its place; what stands within examples is a value and not part of the description.</summary>
    private static IEnumerable<(string At, JsonElement Value)> Objects() => Within("#", s_file.Root);

    private static IEnumerable<(string At, JsonElement Value)> Within(string at, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(member => member.Name is not ("example" or "examples"))
            .SelectMany(member => Within($"{at}/{member.Name}", member.Value)).Prepend((at, element)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Within($"{at}/{index}", item)),
        _ => [],
    };

    private static IEnumerable<ProductFunction> Functions() =>
        ProductFunction.In(typeof(Composition).Assembly).Where(function => function is { Http.Route: not null, IsCatchAll: false });
}
