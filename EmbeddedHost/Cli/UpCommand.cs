using System.CommandLine;
using System.Text.Json;
using Advisor.Embedded.Storage;
using Advisor.Kernel.Http;

namespace Advisor.Embedded.Cli;

/// <summary><c>up [--detach] [--json] [--port N]</c>: runs a host with a demo tenant and prints where it is and one token for each role.</summary>
internal static class UpCommand
{
    /// <summary>Where the Functions host listens too.</summary>
    public const string DefaultUrl = "http://127.0.0.1:7071";

    public static Command Create(Func<ParseResult, DataFolder> folder, CliConsole console, TimeProvider time)
    {
        var detach = new Option<bool>("--detach") { Description = "Return once the host is up, and leave it running." };
        var json = new Option<bool>("--json") { Description = "Print one line of JSON: {url, tokens}." };
        var port = new Option<int>("--port")
        {
            Description = "Port on 127.0.0.1; a free one is taken when it is in use.",
            DefaultValueFactory = _ => new Uri(DefaultUrl).Port,
        };
        var quiet = new Option<bool>(DetachedHost.QuietOption) { Hidden = true };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("A port is between 0 and 65535.");
            }
        });
        var command = new Command("up", "Start the host with a demo tenant, and print its address and tokens.") { detach, json, port, quiet };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            Task Print(HostState state) => PrintAsync(state, folder(parsed), parsed.GetValue(json), parsed.GetValue(quiet), console);
            return parsed.GetValue(detach)
                ? await DetachAsync(folder(parsed), parsed.GetValue(port), Print, console, time, cancellationToken)
                : await StayAsync(folder(parsed), parsed.GetValue(port), Print, console, time, cancellationToken);
        });
        return command;
    }

    private static async Task<int> StayAsync(
        DataFolder folder, int port, Func<HostState, Task> print, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var (running, taken) = await RunningHost.FindOrLockAsync(folder, console, time, cancellationToken);
        if (taken is null)
        {
            return await AlreadyRunningAsync(running!, print, console);
        }

        var url = new UriBuilder(DefaultUrl) { Port = port }.Uri;
        await using var session = await HostSession.StartAsync(folder, taken, url, logToConsole: true, cancellationToken);
        await print(session.Publish(await session.IssueDemoTokensAsync(), time.GetUtcNow()));
        await session.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static async Task<int> DetachAsync(
        DataFolder folder, int port, Func<HostState, Task> print, CliConsole console, TimeProvider time, CancellationToken cancellationToken)
    {
        var (running, taken) = await RunningHost.FindOrLockAsync(folder, console, time, cancellationToken);
        if (running is not null)
        {
            return await AlreadyRunningAsync(running, print, console);
        }

        // The child takes the lock itself; whoever of two starters comes second finds the first one's host.
        taken!.Dispose();
        if (await DetachedHost.StartAsync(folder, port, time, cancellationToken) is { } started)
        {
            await print(started);
            return 0;
        }

        await console.Error.WriteLineAsync($"The host did not start; {folder.Log} says why:");
        foreach (var line in DetachedHost.LastLines(folder))
        {
            await console.Error.WriteLineAsync("  " + line);
        }

        return 1;
    }

    private static async Task<int> AlreadyRunningAsync(HostState running, Func<HostState, Task> print, CliConsole console)
    {
        await console.Error.WriteLineAsync($"A host of this checkout is running already (process {running.Pid}).");
        await print(running);
        return 0;
    }

    private static async Task PrintAsync(HostState state, DataFolder folder, bool json, bool quiet, CliConsole console)
    {
        if (json)
        {
            await console.Output.WriteLineAsync(JsonSerializer.Serialize(new { state.Url, state.Tokens }, AdvisorJson.Options));
        }
        else if (!quiet)
        {
            await console.Output.WriteLineAsync($"Advisor is up at {state.Url} (data in {folder.Path}). Stop it with 'advisor down'.");
            foreach (var (role, token) in state.Tokens)
            {
                await console.Output.WriteLineAsync($"  {role,-9} {token}");
            }
        }

        await console.Output.FlushAsync();
    }
}
