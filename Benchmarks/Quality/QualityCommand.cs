using System.CommandLine;
using Advisor.Benchmarks.Quality.Injection;
using Advisor.Benchmarks.Quality.Prior;
using Advisor.Benchmarks.Quality.Reasoning;

namespace Advisor.Benchmarks.Quality;

/// <summary><c>quality NAME --data DIR</c>: measures whether the product does right, on data that is kept elsewhere.</summary>
internal static class QualityCommand
{
    /// <summary>Every measurement by its command; a new one is added here.</summary>
    private static readonly Func<Option<bool>, Command>[] s_measurements = [InjectionCommand.Create, PriorCommand.Create, ReasoningCommand.Create];

    public static Command Create(Option<bool> json)
    {
        var group = new Command("quality", "Measures whether the product does right, on labelled data.");
        foreach (var create in s_measurements)
        {
            group.Add(create(json));
        }

        return group;
    }
}
