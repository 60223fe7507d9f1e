using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Advisor.Documents;

/// <summary>Fetches a <c>document_url</c> without letting it reach anything but a public host.</summary>
/// <remarks>
/// https only; the name is resolved here, every address must be public, and the connection goes to the address that was checked (pinned);
/// each redirect is checked alike; size and time are bounded; no credentials, cookies or proxies are used.
/// </remarks>
public sealed class RemoteDocuments(IOptions<DocumentsOptions> options)
{
    private const int MaxRedirects = 3;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

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
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeout);
        using var client = new HttpClient(Handler()) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                if (Check(url) is { } error)
                {
                    return new Outcome.Refused(error);
                }

                using var response = await client.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, limit.Token);
                if ((int)response.StatusCode is >= 300 and < 400 && response.Headers.Location is { } location)
                {
                    url = new Uri(new Uri(url), location).ToString();
                    continue;
                }

                return response.IsSuccessStatusCode
                    ? await ReadAsync(response, limit.Token)
                    : Failed($"The server answered {(int)response.StatusCode}; check the URL in a browser, or upload the file itself.");
            }

            return Failed("The URL redirects too often; give the final address, or upload the file itself.");
        }
        catch (HttpRequestException fault) when (fault.InnerException is ForbiddenAddressException)
        {
            return new Outcome.Refused(Forbidden("The host's address is not a public one; upload the file itself."));
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException)
        {
            return Failed("The server could not be reached; check the URL, or upload the file itself.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"The document did not arrive within {s_timeout.TotalSeconds:0} seconds; upload the file itself.");
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

    private static Outcome.Refused Failed(string detail) => new(new IngestionError("urn:advisor:problem:unreachable-url", "The document could not be fetched", detail));

    private sealed class ForbiddenAddressException : Exception;
}
