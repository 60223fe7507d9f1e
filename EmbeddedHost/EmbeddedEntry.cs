namespace Advisor.Embedded;

/// <summary>Entry point of the embedded host.</summary>
internal static class EmbeddedEntry
{
    public static async Task<int> Main(string[] args) => await ServeCommand.RunAsync(args);
}
