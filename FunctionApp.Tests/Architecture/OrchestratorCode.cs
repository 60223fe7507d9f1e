using Mono.Cecil;

namespace Advisor.Tests.Architecture;

/// <summary>Finds what an orchestrator may not do, because a replay would do it otherwise: look at the clock, draw at random, wait outside the engine, do I/O.</summary>
/// <remarks>Follows what an orchestrator calls within its own assembly: methods, lambdas, local functions and the state machines of async methods.</remarks>
internal sealed class OrchestratorCode
{
    private static readonly HashSet<string> s_members = new(StringComparer.Ordinal)
    {
        "System.DateTime::get_UtcNow", "System.DateTime::get_Now", "System.DateTime::get_Today", "System.DateTimeOffset::get_UtcNow", "System.DateTimeOffset::get_Now",
        "System.Guid::NewGuid", "System.Guid::CreateVersion7", "System.Environment::GetEnvironmentVariable", "System.Environment::get_TickCount64",
        "System.Threading.Tasks.Task::Delay", "System.Threading.Tasks.Task::Run", "System.Threading.Tasks.TaskFactory::StartNew", "System.Threading.Thread::Sleep",
    };

    private static readonly HashSet<string> s_types = new(StringComparer.Ordinal)
    {
        "System.TimeProvider", "System.Random", "System.Diagnostics.Stopwatch", "System.Net.Http.HttpClient", "System.IO.File", "System.Threading.Timer",
        "Advisor.Kernel.Records.IRecordStore", "Advisor.Kernel.Records.IBlobStore", "Advisor.Kernel.Messaging.IMessageBus",
    };

    private readonly ModuleDefinition _module;
    private readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _found = new(StringComparer.Ordinal);

    private OrchestratorCode(ModuleDefinition module) => _module = module;

    public static IReadOnlyList<MethodDefinition> In(ModuleDefinition module) =>
    [
        .. module.GetTypes().SelectMany(type => type.Methods)
            .Where(method => method.Parameters.Any(parameter => parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "OrchestrationTriggerAttribute"))),
    ];

    /// <summary>The forbidden members that the orchestrator reaches, each with the method that uses it.</summary>
    public static IReadOnlyList<string> Faults(MethodDefinition orchestrator)
    {
        var search = new OrchestratorCode(orchestrator.Module);
        search.Visit(orchestrator);
        return [.. search._found];
    }

    private void Visit(MethodDefinition method)
    {
        if (!_visited.Add(method.FullName))
        {
            return;
        }

        foreach (var machine in method.CustomAttributes.Where(attribute => attribute.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal)))
        {
            ((TypeReference)machine.ConstructorArguments[0].Value).Resolve().Methods.Where(part => part.Name == "MoveNext").ToList().ForEach(Visit);
        }

        foreach (var called in method.HasBody ? method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>() : [])
        {
            var type = called.DeclaringType.GetElementType().FullName;
            if (s_types.Contains(type) || s_members.Contains($"{type}::{called.Name}"))
            {
                _found.Add($"{Home(method)} uses {type}.{called.Name}");
            }
            else if (called.DeclaringType.GetElementType().Resolve() is { } definition && definition.Module == _module)
            {
                definition.Methods.Where(member => member.Name == called.Name && member.Parameters.Count == called.Parameters.Count).ToList().ForEach(Visit);
            }
        }
    }

    private static string Home(MethodDefinition method) => TypeReferences.Outermost(method.DeclaringType).FullName;
}
