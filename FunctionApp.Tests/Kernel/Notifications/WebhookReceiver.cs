using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>What a webhook's receiver got, and whether the signature was right.</summary>
internal sealed record ReceivedHook(string Path, string? Delivery, string? Event, string? Signature, bool SignatureHolds, JsonElement Body);

/// <summary>A receiver of webhooks on this machine. It answers 204 unless told otherwise.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-0123456789abcdef";

    private readonly WebApplication _app;
    private int _count;

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hook";

    public ConcurrentQueue<ReceivedHook> Received { get; } = new();

    /// <summary>The status for the nth request, from 1.</summary>
    public Func<int, int> Status { get; set; } = _ => StatusCodes.Status204NoContent;

    /// <summary>Sent with each answer, where there is one.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Awaited before each answer.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public (string Name, string? Value)[] Settings =>
    [
        ("Notifications:Channels:0", "webhook"), ("Notifications:Webhook:Url", Url), ("Notifications:Webhook:Secret", Secret), ("Notifications:AllowLoopbackHttp", "true"),
    ];

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.ToArray();
        var signature = http.Request.Headers["X-Advisor-Signature"].SingleOrDefault();
        Received.Enqueue(new ReceivedHook(
            http.Request.Path, http.Request.Headers["X-Advisor-Delivery"].SingleOrDefault(), http.Request.Headers["X-Advisor-Event"].SingleOrDefault(), signature,
            signature is not null && Holds(signature, body), JsonElement.Parse(body)));
        await Before();
        http.Response.StatusCode = Status(Interlocked.Increment(ref _count));
        http.Response.Headers.RetryAfter = RetryAfter;
        if (http.Response.StatusCode is >= 300 and < 400)
        {
            http.Response.Headers.Location = "/elsewhere";
        }
    }

    /// <summary>As a receiver in another language would check it from the documentation.</summary>
    private static bool Holds(string signature, byte[] body)
    {
        var parts = signature.Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(Secret));
        return parts["v1"] == Convert.ToHexStringLower(hmac.ComputeHash([.. Encoding.UTF8.GetBytes(parts["t"]), (byte)'.', .. body]));
    }
}
