using System.CommandLine;
using Advisor.Embedded.Storage;

namespace Advisor.Embedded.Cli;

/// <summary><c>serve [--url URL]</c>: runs a host, without a demo tenant, until it is asked to stop.</summary>
internal static class ServeCommand
{
    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var url = new Option<Uri>("--url")
        {
            Description = "Where to listen; a free port is taken when this one is in use.",
            DefaultValueFactory = _ => new Uri(UpCommand.DefaultUrl),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttp)
                {
                    return parsed;
                }

                result.AddError($"'{result.Tokens[0].Value}' is not an http URL.");
                return null;
            },
        };
        var command = new Command("serve", "Run the host in the foreground, without demo tokens (make some with 'token create').") { url };
        command.SetAction((parsed, cancellationToken) => RunAsync(folder(parsed), parsed.GetRequiredValue(url), console, time, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(DataFolder folder, Uri url, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var (running, taken) = await RunningHost.FindOrLockAsync(folder, console, time, cancellationToken);
        if (taken is null)
        {
            await console.Error.WriteLineAsync($"Process {running!.Pid} runs a host on {folder.Path}; stop it with 'advisor down' or choose another folder with --data.");
            return 1;
        }

        await using var session = await HostSession.StartAsync(folder, taken, url, logToConsole: true, cancellationToken);
        session.Publish(new Dictionary<string, string>(), time.GetUtcNow());
        await console.Output.WriteLineAsync($"Listening on {session.Url}");
        await session.WaitForShutdownAsync(cancellationToken);
        return 0;
    }
}
