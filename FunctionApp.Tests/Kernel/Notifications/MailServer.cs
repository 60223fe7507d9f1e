using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Advisor.Tests.Kernel.Notifications;

/// <summary>A mail as it came over the wire.</summary>
internal sealed record ReceivedMail(string From, IReadOnlyList<string> To, string Content)
{
    public IReadOnlyList<string> Headers => Regex.Replace(Content[..Content.IndexOf("\r\n\r\n", StringComparison.Ordinal)], "\r\n[ \t]+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)).Split("\r\n");

    public string Header(string name) => Headers.Single(header => header.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];

    /// <summary>The parts with quoted-printable undone.</summary>
    public string Body
    {
        get
        {
            var text = Content[Content.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].Replace("=\r\n", "");
            var bytes = new List<byte>();
            for (var i = 0; i < text.Length; i++)
            {
                var encoded = text[i] == '=' && i + 2 < text.Length && Uri.IsHexDigit(text[i + 1]) && Uri.IsHexDigit(text[i + 2]);
                bytes.Add(encoded ? Convert.ToByte(text.Substring(i + 1, 2), 16) : (byte)text[i]);
                i += encoded ? 2 : 0;
            }

            return Encoding.UTF8.GetString([.. bytes]);
        }
    }
}

/// <summary>As much of a mail server as it takes to hear what a client says.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public ConcurrentQueue<ReceivedMail> Received { get; } = new();

    /// <summary>Connections, also those that brought no mail.</summary>
    public int Connections { get; private set; }

    /// <summary>The answer to each recipient.</summary>
    public string Recipient { get; set; } = "250 ok";

    public (string Name, string? Value)[] Settings =>
    [
        ("Notifications:Channels:0", "smtp"), ("Notifications:PublicUrl", "https://advisor.example"), ("Notifications:Smtp:Host", "127.0.0.1"),
        ("Notifications:Smtp:Port", $"{((IPEndPoint)_listener.LocalEndpoint).Port}"), ("Notifications:Smtp:StartTls", "false"), ("Notifications:Smtp:From", "advisor@advisor.example"),
    ];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException or SocketException)
        {
            // The test has ended.
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        await writer.WriteLineAsync("220 tests");
        string from = "";
        var to = new List<string>();
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "MAIL":
                    from = line;
                    await writer.WriteLineAsync("250 ok");
                    break;
                case "RCPT":
                    to.Add(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]);
                    await writer.WriteLineAsync(Recipient);
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    var content = new StringBuilder();
                    while (await reader.ReadLineAsync(_stop.Token) is { } text && text != ".")
                    {
                        content.Append(text.StartsWith('.') ? text[1..] : text).Append("\r\n");
                    }

                    Received.Enqueue(new ReceivedMail(from, [.. to], content.ToString()));
                    to.Clear();
                    await writer.WriteLineAsync("250 kept");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                default:
                    await writer.WriteLineAsync("250 ok");
                    break;
            }
        }
    }
}
