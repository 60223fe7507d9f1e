using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Advisor.Kernel.Http;

namespace Advisor.Embedded.Cli;

/// <summary>How far the analysis of a file is.</summary>
/// <param name="Status">The ingestion's status; <c>uploading</c> before there is one.</param>
/// <param name="Progress">0 to 1.</param>
/// <param name="Stage">What is being done, for people; null when the host does not say.</param>
internal sealed record FileProgress(string File, string Status, decimal Progress, string? Stage)
{
    /// <summary>Whether no more will come.</summary>
    public bool Ended => Status is FileAnalysis.Completed or FileAnalysis.Failed;
}

/// <summary>One file through the product: uploaded, followed, and what came out, in the API's own shapes.</summary>
internal sealed record FileAnalysis
{
    public const string Completed = "completed";
    public const string Failed = "failed";

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBetweenLooks = TimeSpan.FromMilliseconds(300);

    /// <summary>The path as it was given.</summary>
    public required string File { get; init; }

    public required string Status { get; init; }

    public string? IngestionId { get; init; }

    public string? DocumentId { get; init; }

    public string? RunId { get; init; }

    /// <summary>From the beginning of the upload until the host said that it is done.</summary>
    public long ElapsedMs { get; init; }

    public JsonArray Facts { get; init; } = [];

    public JsonArray Insights { get; init; } = [];

    public JsonArray Proofs { get; init; } = [];

    /// <summary>What is to be said of the document as a whole; null when nothing is.</summary>
    public string? Finding { get; init; }

    public ApiProblem? Error { get; init; }

    /// <summary>Takes a file through the product. What goes wrong with it is told in the result, not thrown.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the host goes on with what it has accepted.</exception>
    public static async Task<FileAnalysis> RunAsync(
        AdvisorApi api, string file, IReadOnlyList<string> analysisTypes, Action<FileProgress> report, TimeProvider time, CancellationToken cancellationToken)
    {
        var analysis = new FileAnalysis { File = file, Status = Failed };
        var started = time.GetTimestamp();
        try
        {
            report(new FileProgress(file, "uploading", 0, null));
            var ingestion = await api.IngestAsync(file, analysisTypes, cancellationToken);
            analysis = analysis with
            {
                IngestionId = Required(ingestion, "ingestion_id"), DocumentId = Required(ingestion, "document_id"), RunId = Text(ingestion["run_id"]),
            };
            ingestion = await FollowAsync(api, analysis, report, time, cancellationToken);
            analysis = analysis with { ElapsedMs = (long)time.GetElapsedTime(started).TotalMilliseconds, Finding = Text(ingestion["finding"]) };
            if (Text(ingestion["status"]) == Failed)
            {
                analysis = analysis with { Error = ApiProblem.From(ingestion["error"], "The analysis failed") };
            }
            else
            {
                var document = $"api/v1/documents/{Uri.EscapeDataString(analysis.DocumentId!)}";
                analysis = analysis with
                {
                    Facts = await api.GetAllAsync($"{document}/facts?limit=500", "facts", cancellationToken),
                    Insights = await api.GetAllAsync($"api/v1/insights?ingestion_id={Uri.EscapeDataString(analysis.IngestionId!)}&limit=500", "insights", cancellationToken),
                    Proofs = await api.GetAllAsync($"{document}/proofs?limit=500", "proofs", cancellationToken),
                };
                analysis = analysis with { Status = Completed };
            }
        }
        catch (ApiProblemException fault)
        {
            analysis = analysis with { Error = fault.Problem };
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            analysis = analysis with { Error = new ApiProblem("about:blank", "The file cannot be read", fault.Message) };
        }

        analysis = analysis.ElapsedMs > 0 ? analysis : analysis with { ElapsedMs = (long)time.GetElapsedTime(started).TotalMilliseconds };
        report(new FileProgress(file, analysis.Status, 1, null));
        return analysis;
    }

    /// <summary>The result as one line of JSON. Every property is there, also those without a value.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = AdvisorJson.Options.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("file", File);
            json.WriteString("status", Status);
            json.WriteString("ingestion_id", IngestionId);
            json.WriteString("document_id", DocumentId);
            json.WriteString("run_id", RunId);
            json.WriteNumber("elapsed_ms", ElapsedMs);
            foreach (var (name, list) in new[] { ("facts", Facts), ("insights", Insights), ("proofs", Proofs) })
            {
                json.WritePropertyName(name);
                list.WriteTo(json);
            }

            json.WriteString("finding", Finding);
            json.WritePropertyName("error");
            JsonSerializer.Serialize(json, Error, AdvisorJson.Options);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static async Task<JsonObject> FollowAsync(
        AdvisorApi api, FileAnalysis analysis, Action<FileProgress> report, TimeProvider time, CancellationToken cancellationToken)
    {
        var pause = FirstLook;
        while (true)
        {
            var ingestion = await api.GetAsync($"api/v1/ingestions/{Uri.EscapeDataString(analysis.IngestionId!)}", cancellationToken);
            var status = Required(ingestion, "status");
            if (status is Completed or Failed)
            {
                return ingestion;
            }

            var progress = ingestion["progress"] is JsonValue value && value.TryGetValue<decimal>(out var part) ? Math.Clamp(part, 0, 1) : 0;
            report(new FileProgress(analysis.File, status, progress, Text(ingestion["stage"])));
            await Task.Delay(pause, time, cancellationToken);
            pause = pause * 1.5 < LongestBetweenLooks ? pause * 1.5 : LongestBetweenLooks;
        }
    }

    private static string Required(JsonObject answer, string name) => Text(answer[name]) ?? throw new ApiProblemException(
        new ApiProblem("about:blank", "Unexpected answer", $"The host's answer has no '{name}'."));

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
