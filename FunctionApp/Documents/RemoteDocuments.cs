using System.Net;
using System.Net.Sockets;
using Advisor.Kernel.Resilience;
using Microsoft.Extensions.Options;
using Polly.Timeout;

namespace Advisor.Documents;

/// <summary>Fetches a <c>document_url</c> without letting it reach anything but a public host.</summary>
/// <remarks>
/// https only; the name is resolved here, every address must be public, and the connection goes to the address that was checked (pinned);
/// each redirect is checked alike; size and time are bounded; no credentials, cookies or proxies are used. Connections are kept for two
/// minutes, to the address they were made to. A server that fails is asked once more (<c>Resilience:DocumentFetch</c>).
/// </remarks>
public sealed class RemoteDocuments(IOptions<DocumentsOptions> options, Dependencies dependencies) : IDisposable
{
    private const int MaxRedirects = 3;

    private readonly HttpClient _client = new(Handler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>What came of a fetch.</summary>
    public abstract record Outcome
    {
        private Outcome()
        {
        }

        public sealed record Fetched(byte[] Content) : Outcome;

        public sealed record Refused(IngestionError Error) : Outcome;
    }

    /// <summary>What can be said of a URL before it is fetched; null when nothing is wrong with it.</summary>
    public IngestionError? Check(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
        {
            return Forbidden("Give an https:// URL without a user name, or upload the file itself.");
        }

        if (options.Value.AllowedHosts.Count > 0 && !options.Value.AllowedHosts.Contains(uri.Host, StringComparer.OrdinalIgnoreCase))
        {
            return Forbidden($"Documents are not fetched from '{uri.Host}'; ask your administrator to allow the host, or upload the file itself.");
        }

        return IPAddress.TryParse(uri.Host.Trim('[', ']'), out var literal) && !IsPublic(literal)
            ? Forbidden("The address is not a public one; upload the file itself.")
            : null;
    }

    public async Task<Outcome> FetchAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            return await dependencies[Dependencies.DocumentFetch].CallAsync(
                "get", null, (documents: this, url), static (call, token) => call.documents.TryFetchAsync(call.url, token), cancellationToken);
        }
        catch (DependencyUnavailableException fault)
        {
            return fault.InnerException switch
            {
                HttpRequestException { StatusCode: { } status } => Answered(status),
                TimeoutRejectedException => Failed("The document did not arrive in time; upload the file itself."),
                _ => Failed("The server could not be reached; check the URL, or upload the file itself."),
            };
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>One attempt. It throws where another may fare better, and answers where none would.</summary>
    private async ValueTask<Outcome> TryFetchAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                if (Check(url) is { } error)
                {
                    return new Outcome.Refused(error);
                }

                using var response = await _client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
                if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location)
                {
                    url = new Uri(new Uri(url), location).ToString();
                    continue;
                }

                if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
                {
                    throw new HttpRequestException(null, null, response.StatusCode);
                }

                return response.IsSuccessStatusCode ? await ReadAsync(response, cancellationToken) : Answered(response.StatusCode);
            }

            return Failed("The URL redirects too often; give the final address, or upload the file itself.");
        }
        catch (HttpRequestException fault) when (fault.InnerException is ForbiddenAddressException)
        {
            return new Outcome.Refused(Forbidden("The host's address is not a public one; upload the file itself."));
        }
    }

    /// <summary>Global unicast addresses only: none that is private, loopback, link-local, carrier-grade, multicast, documentation or mapped onto such.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var b = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return b[0] switch
            {
                0 or 10 or 127 or >= 224 => false,
                100 => b[1] is < 64 or > 127,
                169 => b[1] != 254,
                172 => b[1] is < 16 or > 31,
                192 => !(b[1] == 168 || (b[1] == 0 && b[2] is 0 or 2) || (b[1] == 88 && b[2] == 99)),
                198 => !(b[1] is 18 or 19 || (b[1] == 51 && b[2] == 100)),
                203 => !(b[1] == 0 && b[2] == 113),
                _ => true,
            };
        }

        // 2000::/3 is what is global; out of it: 6to4, Teredo and the two blocks of documentation, which can carry or stand for other addresses.
        return (b[0] & 0xE0) == 0x20 && !(b[0] == 0x20 && b[1] == 0x02) && !(b[0] == 0x20 && b[1] == 0x01 && (b[2] | b[3]) == 0)
            && !(b[0] == 0x20 && b[1] == 0x01 && b[2] == 0x0d && b[3] == 0xb8)
            && !(b[0] == 0x3F && b[1] == 0xFF && (b[2] & 0xF0) == 0);
    }

    private async Task<Outcome> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var max = options.Value.MaxBytes;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var content = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > max)
            {
                return new Outcome.Refused(IngestionError.Of(new Intake.IntakeRejection.OversizedFile(content.Length + read, max)));
            }

            content.Write(buffer, 0, read);
        }

        return new Outcome.Fetched(content.ToArray());
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),

        // A stranger's server learns nothing of our traces, and our traces nothing of the URL, which may hold a signature.
        ActivityHeadersPropagator = null,
        ConnectCallback = ConnectAsync,
    };

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (addresses.Length == 0 || !addresses.All(IsPublic))
        {
            throw new ForbiddenAddressException();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IngestionError Forbidden(string detail) => new("urn:advisor:problem:forbidden-url", "The document is not fetched from there", detail);

    private static Outcome.Refused Answered(HttpStatusCode status) =>
        Failed($"The server answered {(int)status}; check the URL in a browser, or upload the file itself.");

    private static Outcome.Refused Failed(string detail) => new(new IngestionError("urn:advisor:problem:unreachable-url", "The document could not be fetched", detail));

    private sealed class ForbiddenAddressException : Exception;
}
