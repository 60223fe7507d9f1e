using System.Text.Json;
using Advisor.Embedded.Durable;
using Microsoft.DurableTask;

namespace Advisor.Benchmarks.Engine;

/// <summary>Three greetings, one after the other: the smallest orchestration that waits.</summary>
internal sealed class HelloFunctions : IDurableFunctions
{
    public const string Orchestrator = "Hello";

    private const string Activity = "SayHello";

    private static readonly string[] s_cities = ["Tokyo", "Seattle", "London"];

    /// <summary>What every instance answers.</summary>
    public static string Expected { get; } = string.Join(", ", s_cities.Select(Greeting));

    public bool HasOrchestrator(string name) => name == Orchestrator;

    public bool HasActivity(string name) => name == Activity;

    public async Task<object?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, string? traceParent)
    {
        var said = new List<string>();
        foreach (var city in s_cities)
        {
            said.Add(await context.CallActivityAsync<string>(Activity, city));
        }

        return string.Join(", ", said);
    }

    public Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(JsonSerializer.Serialize(Greeting(JsonSerializer.Deserialize<string>(inputJson!)!)));

    private static string Greeting(string city) => $"Hello, {city}!";
}
