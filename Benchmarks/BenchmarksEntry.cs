using System.CommandLine;
using Advisor.Benchmarks.Api;
using Advisor.Benchmarks.Documents;
using Advisor.Benchmarks.Engine;
using Advisor.Benchmarks.Quality;
using Advisor.Benchmarks.Reviews;

namespace Advisor.Benchmarks;

/// <summary>Entry point of the benches: <c>NAME [--json]</c>.</summary>
internal static class BenchmarksEntry
{
    /// <summary>Every bench by its command; a new one is added here.</summary>
    private static readonly Func<Option<bool>, Command>[] s_benches = [DocumentsBench.Create, ApiBench.Create, EngineBench.Create, ReviewsBench.Create];

    public static async Task<int> Main(string[] args)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else.", Recursive = true };
        var root = new RootCommand("Measures the product on this machine.") { json };
        root.HelpName = "advisor bench";
        foreach (var create in s_benches)
        {
            root.Add(create(json));
        }

        // Reached as "advisor quality" too.
        root.Add(QualityCommand.Create(json));

        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (BenchException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 1;
        }
    }
}

/// <summary>A bench cannot be run or came to no figure; the message is one sentence for the user.</summary>
internal sealed class BenchException(string message) : Exception(message);
