using System.Diagnostics;
using Advisor.Embedded;
using Advisor.Tests.Documents;
using Xunit;

namespace Advisor.Tests.Embedded.Durability;

/// <summary>A user who may not write everywhere: whoever runs the tests, or another where that is root.</summary>
internal sealed class LesserUser
{
    /// <summary>Nobody's, on every Linux.</summary>
    private const string Id = "65534";

    private readonly bool _another;

    private LesserUser(bool another) => _another = another;

    /// <summary>The user; skips the test with the reason where there is none who can run the host.</summary>
    /// <param name="folder">Made readable for that user.</param>
    public static async Task<LesserUser> GetAsync(string folder, CancellationToken cancellationToken)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights to files are other ones there.");
        if (!Environment.IsPrivilegedProcess)
        {
            return new LesserUser(another: false);
        }

        SystemTool.Require("setpriv", "util-linux");
        var user = new LesserUser(another: true);
        var trial = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, typeof(AdvisorHost).Assembly.GetName().Name + ".dll"), "--help"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        user.Run(trial);
        using var process = Process.Start(trial)!;
        var printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        Assert.SkipWhen(process.ExitCode != 0, $"The tests run as root, and no other user can run the host from {AppContext.BaseDirectory}: {string.Join(' ', printed)}");
        Do("chmod", "755", folder);
        return user;
    }

    /// <summary>Lets the process that is to be started be this user's.</summary>
    public void Run(ProcessStartInfo start)
    {
        if (!_another)
        {
            return;
        }

        string[] arguments = ["--reuid", Id, "--regid", Id, "--clear-groups", start.FileName, .. start.ArgumentList];
        start.FileName = "setpriv";
        start.ArgumentList.Clear();
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    /// <summary>Makes the folder with all that is in it this user's.</summary>
    public void Give(string folder)
    {
        if (_another)
        {
            Do("chown", "-R", $"{Id}:{Id}", folder);
        }
    }

    /// <summary>Takes the right to write a file or folder from everybody, until it is given back.</summary>
    public IDisposable MakeReadOnly(string path)
    {
        Do("chmod", "a-w", path);
        return new GivenBack(() => Do("chmod", "u+w", path));
    }

    private static void Do(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }

    private sealed class GivenBack(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }
}
