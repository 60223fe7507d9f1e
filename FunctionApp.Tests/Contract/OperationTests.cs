using System.Text.Json;
using Advisor.Kernel.Tenancy;
using Advisor.Tests.Documents.EndToEnd;
using Shouldly;
using Xunit;

namespace Advisor.Tests.Contract;

/// <summary>Every operation of the description, called on the running host.</summary>
public sealed class OperationTests(ContractWorld world) : IClassFixture<ContractWorld>
{
    private static readonly AnswerCheck s_answers = new(OpenApiFile.Current);
    private static readonly SchemaCheck s_schemas = new(OpenApiFile.Current);

    public static TheoryData<string> OperationIds => [.. OpenApiFile.Current.Operations.Select(operation => operation.Id)];

    [Theory]
    [MemberData(nameof(OperationIds))]
    public async Task EveryOperation_Called_AnswersAsDescribed(string operationId)
    {
        var operation = OpenApiFile.Current.Operation(operationId);
        var exchanges = Exchanges.Of(world).Where(exchange => exchange.Operation == operationId).ToList();
        var faults = FaultsOfTable(operation, exchanges);
        var seen = new HashSet<(int Status, string Type)>();
        foreach (var (exchange, client) in exchanges.Select(exchange => (exchange, ClientOf(operation))).Concat(Negotiated(operation)).Concat(Repeated(operation, exchanges)).Concat(await RefusedAsync(operation)))
        {
            await (exchange.Before?.Invoke() ?? Task.CompletedTask);
            var answer = await Exchanged.SendAsync(client.Http, exchange.Request(operation.Method), TestContext.Current.CancellationToken);
            var slug = answer.ContentType == "application/problem+json" ? JsonElement.Parse(answer.Text).GetProperty("type").GetString()!.Split(':')[^1] : null;
            seen.Add((answer.Status, slug ?? (answer.Text.Length == 0 ? "" : answer.ContentType ?? "")));
            if (answer.Status != exchange.Status || (exchange.Problem is not null && exchange.Problem != slug))
            {
                faults.Add($"{exchange}: expected {exchange.Status} {exchange.Problem}, came {answer.Status}: {answer.Text}");
            }

            if (exchange.IsRepeat && !answer.Headers.ContainsKey("Idempotency-Replayed"))
            {
                faults.Add($"{exchange}: the repeat was carried out again");
            }

            faults.AddRange(s_answers.Faults(operation, answer).Select(fault => $"{exchange}: {fault}"));
        }

        faults.AddRange(Promised(operation).Where(promise => !seen.Contains(promise)).Select(promise => $"{operationId}: no exchange brought about {promise}"));
        faults.ShouldBeEmpty();
    }

    /// <summary>What the exchanges send must be described, and what is described sent.</summary>
    private static List<string> FaultsOfTable(DescribedOperation operation, List<Exchange> exchanges)
    {
        var wellMade = exchanges.Where(exchange => exchange.Status < 400).ToList();
        var sent = wellMade.SelectMany(exchange => exchange.Path.Contains('?') ? exchange.Path.Split('?')[1].Split('&').Select(pair => pair.Split('=')[0]) : [])
            .Concat(wellMade.SelectMany(exchange => exchange.Headers).Select(header => header.Name)).Except(["Accept"]).ToHashSet(StringComparer.Ordinal);
        var described = OpenApiFile.Current.Parameters(operation).Where(parameter => parameter.GetProperty("in").GetString() != "path")
            .Select(parameter => parameter.GetProperty("name").GetString()!).ToList();
        var faults = sent.Except(described).Select(name => $"{operation.Id}: the parameter '{name}' is not described")
            .Concat(described.Except(sent).Select(name => $"{operation.Id}: no exchange sends the parameter '{name}'")).ToList();
        if (operation.Json.TryGetProperty("requestBody", out var body))
        {
            faults.AddRange(body.GetProperty("content").EnumerateObject().SelectMany(media => FaultsOfBodies(operation, media, wellMade)));
        }

        return faults;
    }

    private static IEnumerable<string> FaultsOfBodies(DescribedOperation operation, JsonProperty media, List<Exchange> exchanges)
    {
        var bodies = exchanges.Where(exchange => exchange.Content is not null).Select(exchange => exchange.Content!()).Where(content => content.Headers.ContentType!.MediaType == media.Name).ToList();
        if (bodies.Count == 0)
        {
            yield return $"{operation.Id}: no exchange sends {media.Name}";
        }

        foreach (var content in bodies.Where(_ => media.Name == "application/json"))
        {
            using var stream = content.ReadAsStream(TestContext.Current.CancellationToken);
            foreach (var fault in s_schemas.Faults(media.Value.GetProperty("schema"), JsonDocument.Parse(stream).RootElement))
            {
                yield return $"{operation.Id}: the body sent: {fault}";
            }
        }
    }

    private ApiClient ClientOf(DescribedOperation operation) => operation.IsAnonymous ? world.Advisor.Stranger() : world.Everyone;

    /// <summary>A body, and a wish for an answer, in media types that no operation knows, and a parameter that none has.</summary>
    private IEnumerable<(Exchange, ApiClient)> Negotiated(DescribedOperation operation)
    {
        var path = operation.PathWith("no-such-id");
        if (OpenApiFile.Current.Responses(operation).ContainsKey(406))
        {
            yield return (new Exchange(operation.Id, 406, path) { Headers = [("Accept", "image/gif")], Problem = "not-acceptable" }, ClientOf(operation));
        }

        if (OpenApiFile.Current.Parameters(operation).Any(parameter => parameter.GetProperty("in").GetString() == "query"))
        {
            yield return (new Exchange(operation.Id, 400, path + "?no_such_parameter=1") { Problem = "invalid-request" }, ClientOf(operation));
        }

        if (OpenApiFile.Current.Responses(operation).ContainsKey(415))
        {
            yield return (new Exchange(operation.Id, 415, path) { Content = Exchange.Json("words", "text/plain"), Problem = "unsupported-media-type" }, ClientOf(operation));
        }
    }

    /// <summary>The exchange with an idempotency key once more, then under its key another request, and one with a key that is none.</summary>
    private IEnumerable<(Exchange, ApiClient)> Repeated(DescribedOperation operation, List<Exchange> exchanges)
    {
        const string header = "Idempotency-Key";
        var first = exchanges.Find(exchange => exchange.Status < 300 && exchange.Headers.Any(sent => sent.Name == header));
        return first is null ? [] : new[]
        {
            first with { IsRepeat = true },
            first with { Status = 422, Path = first.Path + "?other", Problem = "idempotency-key-reused" },
            first with { Status = 400, Headers = [(header, "\"")], Problem = "invalid-request" },
        }.Select(exchange => (exchange, ClientOf(operation)));
    }

    /// <summary>Requests that every operation of the kind refuses: without a token, with every role but those that may, for an id that nothing has.</summary>
    private async Task<List<(Exchange, ApiClient)>> RefusedAsync(DescribedOperation operation)
    {
        var path = operation.PathWith("no-such-id");
        List<(Exchange, ApiClient)> refused = [];
        if (path != operation.Path && operation.Method == "get")
        {
            refused.Add((new Exchange(operation.Id, 404, path), ClientOf(operation)));
        }

        if (!operation.IsAnonymous)
        {
            refused.Add((new Exchange(operation.Id, 401, path) { Problem = "unauthenticated" }, world.Advisor.Stranger()));
        }

        if (operation.Roles.Count > 0)
        {
            var other = Enum.GetValues<Role>().First(role => !operation.Roles.Contains(role.ToString().ToLowerInvariant()));
            refused.Add((new Exchange(operation.Id, 403, path) { Problem = "forbidden" }, await world.Advisor.ClientAsync(other, ContractWorld.Tenant)));
        }

        return refused;
    }

    /// <summary>Every status of the description with each content type and each problem of it; without those that other tests make.</summary>
    private static IEnumerable<(int Status, string Type)> Promised(DescribedOperation operation) => OpenApiFile.Current.Responses(operation).SelectMany(response =>
    {
        var problems = response.Value.TryGetProperty("x-problems", out var slugs) ? slugs.EnumerateArray().Select(slug => slug.GetString()!) : [];
        var media = response.Value.TryGetProperty("content", out var content) ? content.EnumerateObject().Select(type => type.Name) : [""];
        return problems.Concat(media.Where(type => type != "application/problem+json"))
            .Where(type => !Exchanges.MadeElsewhere.ContainsKey(type) && !Exchanges.MadeElsewhere.ContainsKey($"{operation.Id} {response.Key} {type}"))
            .Select(type => (response.Key, type));
    });
}
