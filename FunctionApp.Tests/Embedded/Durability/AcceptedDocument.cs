using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>One upload that the host answered with 202, and what became of it, as the API tells it.</summary>
internal sealed record AcceptedDocument(string Name, string IngestionId, string DocumentId, string RunId)
{
    /// <summary>Uploads the file; returns once it is accepted.</summary>
    /// <exception cref="HttpRequestException">The host died before it answered.</exception>
    public static async Task<AcceptedDocument> UploadAsync(HttpClient http, string name, byte[] content, CancellationToken cancellationToken)
    {
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var form = new MultipartFormDataContent { { file, "file", name } };
        using var response = await http.PostAsync("api/v1/documents/ingest", form, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        ((int)response.StatusCode).ShouldBe(202, body);
        return Of(name, body);
    }

    /// <summary>The upload that an answer of 202 tells of.</summary>
    public static AcceptedDocument Of(string name, string body)
    {
        var answer = JsonElement.Parse(body);
        return new AcceptedDocument(
            name, answer.GetProperty("ingestion_id").GetString()!, answer.GetProperty("document_id").GetString()!, answer.GetProperty("run_id").GetString()!);
    }

    /// <summary>The ingestion's present answer.</summary>
    public Task<JsonElement> IngestionAsync(HttpClient http, CancellationToken cancellationToken) =>
        http.GetFromJsonAsync<JsonElement>($"api/v1/ingestions/{IngestionId}", cancellationToken);

    /// <summary>Everything that a user can read of the finished ingestion.</summary>
    public async Task<DocumentOutcome> OutcomeAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var insights = await AllAsync(http, $"api/v1/insights?ingestion_id={IngestionId}&limit=50", "insights", cancellationToken);
        var events = await AllAsync(http, $"api/v1/runs/{RunId}/events", "events", cancellationToken);
        var chains = insights.Select(insight => insight.GetProperty("reasoning_chain_id").GetString()!).ToHashSet(StringComparer.Ordinal);
        foreach (var analysis in (await IngestionAsync(http, cancellationToken)).GetProperty("analysis_ids").EnumerateArray())
        {
            var answer = await http.GetFromJsonAsync<JsonElement>($"api/v1/analysis/{analysis.GetString()}", cancellationToken);
            answer.GetProperty("status").GetString().ShouldBe("completed");
            chains.Add(answer.GetProperty("reasoning_chain_id").GetString()!);
        }

        var broken = new List<string>();
        foreach (var id in chains)
        {
            var chain = await http.GetFromJsonAsync<JsonElement>($"api/v1/reasoning-chains/{id}?verify=true", cancellationToken);
            if (!chain.GetProperty("verification").GetProperty("intact").GetBoolean())
            {
                broken.Add($"{id}: {chain.GetProperty("verification")}");
            }
        }

        using var summary = await http.GetAsync($"api/v1/documents/{DocumentId}/summary", cancellationToken);
        string[] summarised = summary.IsSuccessStatusCode
            ? [.. (await summary.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("insights").EnumerateArray()
                .Select(line => line.GetProperty("insight_id").GetString()!)]
            : [];
        return new DocumentOutcome(insights, events, chains.Count, broken, summarised);
    }

    private static async Task<List<JsonElement>> AllAsync(HttpClient http, string url, string name, CancellationToken cancellationToken)
    {
        var all = new List<JsonElement>();
        for (string? next = url; next is not null;)
        {
            var page = await http.GetFromJsonAsync<JsonElement>(next, cancellationToken);
            all.AddRange(page.GetProperty(name).EnumerateArray());
            next = page.GetProperty("pagination").TryGetProperty("next", out var link) && link.ValueKind == JsonValueKind.String ? link.GetString() : null;
        }

        return all;
    }
}

/// <summary>What is to be read of a finished ingestion.</summary>
/// <param name="Chains">How many reasoning chains there are.</param>
/// <param name="BrokenChains">Those that do not verify.</param>
/// <param name="Summarised">Ids of the insights in the summary, in its order.</param>
internal sealed record DocumentOutcome(
    IReadOnlyList<JsonElement> Insights, IReadOnlyList<JsonElement> Events, int Chains, IReadOnlyList<string> BrokenChains, IReadOnlyList<string> Summarised)
{
    /// <summary>What the insights say, without the ids that differ between two runs of the same document.</summary>
    public IReadOnlyList<string> Statements { get; } = [.. Insights
        .Select(insight => $"{Text(insight, "type")} | {Text(insight, "rule")} | {Text(insight, "band")} | {Text(insight, "summary")}")
        .Order(StringComparer.Ordinal)];

    /// <summary>The steps of the timeline by type and name.</summary>
    public IReadOnlyList<string> Steps { get; } = [.. Events.Select(e => $"{Text(e, "type")} {Text(e, "step")}").Order(StringComparer.Ordinal)];

    /// <summary>Ids of the insights routed to people, or to the summary.</summary>
    public IEnumerable<string> Ids(bool high) => Insights.Where(insight => Text(insight, "band") == "high" == high).Select(insight => Text(insight, "id"));

    /// <summary>How many of the run's events lie before that moment.</summary>
    public int EventsBefore(DateTimeOffset moment) => Events.Count(e => e.GetProperty("ts").GetDateTimeOffset() < moment);

    private static string Text(JsonElement item, string property) => item.GetProperty(property).GetString()!;
}
