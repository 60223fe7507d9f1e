using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor.Tests.Kernel.Telemetry;

/// <summary>A receiver of OTLP over HTTP on this machine that keeps what it gets.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string? ContentType, byte[] Body)> _received = new();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _received.Enqueue((http.Request.Path, http.Request.ContentType, body.ToArray()));
            http.Response.StatusCode = (int)HttpStatusCode.OK;
        });
    }

    public string Url { get; private set; } = string.Empty;

    public IReadOnlyCollection<(string Path, string? ContentType, byte[] Body)> Received => _received;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return receiver;
    }

    /// <summary>All that came for a signal, as text: names stand in protobuf as they are.</summary>
    public string TextOf(string path) => string.Concat(_received.Where(item => item.Path == path).Select(item => Encoding.Latin1.GetString(item.Body)));

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
