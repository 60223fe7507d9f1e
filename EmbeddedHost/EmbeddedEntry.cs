using Advisor.Embedded.Cli;

namespace Advisor.Embedded;

/// <summary>Entry point of the embedded host and its commands.</summary>
internal static class EmbeddedEntry
{
    public static Task<int> Main(string[] args) => AdvisorCli.RunAsync(args);
}
