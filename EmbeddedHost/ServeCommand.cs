namespace Advisor.Embedded;

/// <summary><c>serve --data FOLDER --url URL</c>: runs a host until it is asked to stop.</summary>
internal static class ServeCommand
{
    /// <returns>The exit code: 0 after a clean stop, 2 when the arguments are not understood.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        if (Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync("Usage: serve [--data FOLDER] [--url URL]");
            return 2;
        }

        await using var host = await AdvisorHost.StartAsync(options, CancellationToken.None);
        await Console.Out.WriteLineAsync($"Listening on {host.Url}");
        await host.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }

    /// <summary>The options that the arguments ask for, or null when they are not understood.</summary>
    public static AdvisorHostOptions? Parse(IReadOnlyList<string> arguments)
    {
        var options = new AdvisorHostOptions { DataFolder = ".data" };
        if (arguments is not ["serve", ..] || arguments.Count % 2 == 0)
        {
            return null;
        }

        for (var i = 1; i < arguments.Count; i += 2)
        {
            switch (arguments[i])
            {
                case "--data":
                    options = options with { DataFolder = arguments[i + 1] };
                    break;
                case "--url":
                    options = options with { Url = arguments[i + 1] };
                    break;
                default:
                    return null;
            }
        }

        return options;
    }
}
