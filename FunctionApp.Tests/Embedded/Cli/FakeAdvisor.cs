using System.Collections.Concurrent;
using System.Text.Json;
using Advisor.Embedded.Cli;
using Advisor.Embedded.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Advisor.Tests.Embedded.Cli;

/// <summary>A server that answers as the product does, and a data folder that says it is this checkout's running host.</summary>
/// <remarks>What becomes of an upload is in its name: <c>failed-…</c>, <c>refused-…</c>, <c>busy-…</c>, <c>stuck-…</c>, <c>empty-…</c>; others complete.</remarks>
internal sealed class FakeAdvisor : IAsyncDisposable
{
    public const string Token = "adv_fake";

    private readonly WebApplication _app;
    private readonly DataFolderLock _lock;
    private readonly ConcurrentDictionary<string, int> _looks = new();

    private FakeAdvisor(WebApplication app, DataFolder folder)
    {
        _app = app;
        _lock = DataFolderLock.TryTake(folder)!;
    }

    /// <summary>Uploads received: file name, length, content type and analysis types.</summary>
    public ConcurrentQueue<(string Name, long Length, string? ContentType, string Types)> Uploads { get; } = new();

    /// <summary>Most ingestions that were in work at one time.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Completes when a stuck upload has been looked at.</summary>
    public TaskCompletionSource Stuck { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the list of insights says; two of the built-in analyst's unless a test says otherwise.</summary>
    public string Listed { get; set; } = Insights;

    public static async Task<FakeAdvisor> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var data = new DataFolder(folder);
        var fake = new FakeAdvisor(app, data);
        app.Use(fake.AuthorizeAsync);
        app.MapPost("/api/v1/documents/ingest", fake.IngestAsync);
        app.MapGet("/api/v1/ingestions/{id}", fake.Ingestion);
        app.MapGet("/api/v1/documents/{id}/facts", Facts);
        app.MapGet("/api/v1/insights", (string ingestion_id) => Json(ingestion_id.Contains("empty-") ? """{"insights":[],"pagination":{"next":null}}""" : fake.Listed));
        app.MapGet("/api/v1/documents/{id}/proofs", (string id) => Json(id.Contains("empty-") ? """{"proofs":[]}""" : Proofs));
        await app.StartAsync();
        new HostState(Environment.ProcessId, app.Urls.Single(), DateTimeOffset.UnixEpoch, new Dictionary<string, string> { ["analyst"] = Token }).Write(data);
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        _lock.Dispose();
        await _app.DisposeAsync();
    }

    public const string Insights = """
        {"insights":[
          {"id":"i1","type":"trend","summary":"Revenue rose 12.5 % to $4.2 billion \u001b[2Jin FY2025.","confidence":0.9312,"band":"high",
           "evidence":[{"metric":"revenue","value":4200000000.10,"expected":null,"variance":null}],
           "source_refs":[{"doc":"annual.pdf","document_id":"d1","page":12,"cell":"R3C2"},{"doc":"annual.pdf","document_id":"d1","page":12},{"doc":"annual.pdf","document_id":"d1","page":14}]},
          {"id":"i2","type":"anomaly","summary":"A total is typed in.","confidence":0.41,"band":"low",
           "source_refs":[{"doc":"plan.xlsx","document_id":"d2","sheet":"Q3","cell":"B12"}]}],
         "pagination":{"next":null}}
        """;

    private const string Proofs = """
        {"proofs":[
          {"id":"p1","kind":"identity","statement":"Total assets = total liabilities + total equity","outcome":"holds","cells":[]},
          {"id":"p2","kind":"footing","statement":"Total current assets = the sum of its parts","outcome":"fails","expected":1234567.5,"found":1234657.5,
           "difference":90,"tolerance":0.5,"explanation":"Two digits are swapped.",
           "cells":[{"document_id":"d1","document_name":"annual.pdf","page":13,"cell":"R9C2"},{"document_id":"d1","document_name":"annual.pdf","page":13,"cell":"R4C2"}]},
          {"id":"p3","kind":"plug","statement":"Q3 sales is a formula","outcome":"fails","cells":[{"document_id":"d1","document_name":"plan.xlsx","sheet":"Q3","cell":"B12"}]}],
         "pagination":{"next":null}}
        """;

    private static IResult Json(string json) => Results.Text(json, "application/json");

    private static IResult Problem(int status, string type, string title, string detail) =>
        Results.Text(JsonSerializer.Serialize(new { type, title, status, detail }), "application/problem+json", statusCode: status);

    private static IResult Facts(string id, string? after) => Json(after is null
        ? $$$"""{"facts":[{"id":"f1","metric":"revenue","value":4200000000.10,"page":12}],"pagination":{"next":"/api/v1/documents/{{{id}}}/facts?after=f1"}}"""
        : """{"facts":[{"id":"f2","metric":"total_assets","value":10}],"pagination":{"next":null}}""");

    private async Task AuthorizeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Headers.Authorization == "Bearer " + Token)
        {
            await next(http);
        }
        else
        {
            await Problem(401, "urn:advisor:unauthenticated", "Sign in first", "The request carries no valid token.").ExecuteAsync(http);
        }
    }

    private async Task<IResult> IngestAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var file = form.Files.Single();
        if (file.FileName.StartsWith("refused-", StringComparison.Ordinal))
        {
            return Problem(415, "urn:advisor:encrypted", "The document is encrypted", "Remove its password and upload it again.");
        }

        if (file.FileName.StartsWith("busy-", StringComparison.Ordinal) && _looks.AddOrUpdate("busy", 1, (_, count) => count + 1) == 1)
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
            return Problem(503, "urn:advisor:busy", "Too busy", "Try again later.");
        }

        Uploads.Enqueue((file.FileName, file.Length, file.ContentType, string.Join('+', form["analysis_types"].ToArray())));
        var id = Uri.EscapeDataString(file.FileName);
        _looks[file.FileName] = 0;
        return Results.Text(
            $$$"""{"ingestion_id":"in-{{{id}}}","document_id":"d-{{{id}}}","status":"queued","run_id":"r-{{{id}}}","_links":{}}""", "application/json", statusCode: 202);
    }

    private IResult Ingestion(string id)
    {
        var name = id["in-".Length..];
        var look = _looks.AddOrUpdate(name, 1, (_, count) => count + 1);
        MostAtOnce = Math.Max(MostAtOnce, _looks.Count(pair => pair.Value is >= 0 and < 1000));
        string Working(string status, string progress, string stage) =>
            $$$"""{"ingestion_id":"{{{id}}}","status":"{{{status}}}","progress":{{{progress}}},"stage":"{{{stage}}}","error":null}""";
        if (name.StartsWith("stuck-", StringComparison.Ordinal))
        {
            Stuck.TrySetResult();
            return Json(Working("extracting", "0.1", "page 1 of 99"));
        }

        if (look < 4)
        {
            return Json(look switch
            {
                1 => Working("queued", "0", "waiting"),
                2 => Working("extracting", "0.4", "page 10 of 25"),
                _ => Working("analyzing", "0.8", "3 analyses"),
            });
        }

        _looks[name] = 1000;
        return Json(name.StartsWith("failed-", StringComparison.Ordinal)
            ? $$$"""{"ingestion_id":"{{{id}}}","status":"failed","progress":0.4,"error":{"type":"urn:advisor:unreadable","title":"The document cannot be read","detail":"Page 3 is damaged; export it again."}}"""
            : $$$"""{"ingestion_id":"{{{id}}}","status":"completed","progress":1,"error":null}""");
    }
}
