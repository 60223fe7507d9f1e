using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Advisor.Tests.Architecture.Orchestrators;

/// <summary>A forbidden use that an orchestrator comes to.</summary>
/// <param name="Rule">One of <see cref="OrchestratorRules"/>.</param>
/// <param name="Member">What is used.</param>
/// <param name="Path">From the orchestrator to the method that uses it; the shortest there is.</param>
internal sealed record OrchestratorFault(string Rule, string Member, IReadOnlyList<string> Path)
{
    public override string ToString() => $"[{Rule}] {string.Join(" > ", Path)} uses {Member}";
}

/// <summary>Reads the compiled code of orchestrators for what a replay would do otherwise.</summary>
/// <remarks>
/// Follows everything of ours that the code can come to: methods, properties, constructors and static constructors, state machines of async
/// methods and iterators, lambdas, local functions, every implementation of an interface or virtual method, and what reading JSON into a type
/// runs (its constructors and setters). Code that is not ours is judged by the rules where it is called, and not entered. What it cannot see:
/// calls by reflection, converters of JSON, what the framework calls back
/// (ToString, Equals), and an unordered collection that is enumerated through an interface, as LINQ does.
/// </remarks>
internal sealed class OrchestratorCode
{
    /// <summary>More methods than an orchestrator should ever come to: reaching it is a fault, for what lies beyond was not read.</summary>
    private const int Budget = 5_000;

    private readonly ModuleDefinition _module;
    private readonly ILookup<string, MethodDefinition> _overrides;
    private readonly Dictionary<MethodDefinition, MethodDefinition?> _reachedFrom = [];
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly Queue<MethodDefinition> _todo = new();
    private readonly Dictionary<(string Rule, string Member), OrchestratorFault> _found = [];

    private OrchestratorCode(ModuleDefinition module)
    {
        _module = module;
        _overrides = Own(module).SelectMany(own => own.GetTypes()).SelectMany(type => type.Methods).Where(method => method is { IsVirtual: true, HasBody: true })
            .ToLookup(method => Shape(method), StringComparer.Ordinal);
    }

    public static IReadOnlyList<MethodDefinition> In(ModuleDefinition module) =>
        [.. module.GetTypes().SelectMany(type => type.Methods).Where(method => method.Parameters.Any(IsTrigger))];

    /// <summary>What it breaks, by rule and member; nothing when it may be replayed.</summary>
    /// <param name="budget">How many methods may be read.</param>
    public static IReadOnlyList<OrchestratorFault> Faults(MethodDefinition orchestrator, int budget = Budget)
    {
        var search = new OrchestratorCode(orchestrator.Module);
        foreach (var given in orchestrator.Parameters.Where(parameter => OrchestratorRules.IsLogger(parameter.ParameterType)))
        {
            search.Blame(OrchestratorRules.Logging, $"the parameter {given.Name}", orchestrator);
        }

        search.Reach(orchestrator, null);
        while (search._todo.TryDequeue(out var method))
        {
            if (search._reachedFrom.Count > budget)
            {
                search.Blame("budget", $"more than {budget} methods", method);
                break;
            }

            search.Read(method);
        }

        return [.. search._found.Values.OrderBy(fault => fault.Rule, StringComparer.Ordinal).ThenBy(fault => fault.Member, StringComparer.Ordinal)];
    }

    private static bool IsTrigger(ParameterDefinition parameter) =>
        parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "OrchestrationTriggerAttribute");

    /// <summary>The module and those of the solution that it uses; the contracts of Azure packages are not ours.</summary>
    private static IEnumerable<ModuleDefinition> Own(ModuleDefinition module) => module.AssemblyReferences
        .Where(reference => reference.Name.StartsWith("Advisor.", StringComparison.Ordinal))
        .Select(reference => module.AssemblyResolver.Resolve(reference).MainModule)
        .Prepend(module);

    private static bool IsOwn(TypeReference type) => type.Module.Assembly.Name.Name.StartsWith("Advisor.", StringComparison.Ordinal);

    private static string Shape(MethodReference method) =>
        $"{(method is MethodDefinition { Overrides: [var declared, ..] } ? declared.Name : method.Name)}/{method.Parameters.Count}/{method.GenericParameters.Count}";

    private void Reach(MethodDefinition method, MethodDefinition? from)
    {
        if (_reachedFrom.TryAdd(method, from))
        {
            _todo.Enqueue(method);
        }
    }

    private void Read(MethodDefinition method)
    {
        if (method.IsPInvokeImpl)
        {
            Blame(OrchestratorRules.Native, $"{method.PInvokeInfo.Module.Name}!{method.PInvokeInfo.EntryPoint}", method);
        }

        foreach (var machine in method.CustomAttributes.Where(attribute => attribute.AttributeType.Name.EndsWith("StateMachineAttribute", StringComparison.Ordinal)))
        {
            ReachAll(((TypeReference)machine.ConstructorArguments[0].Value).Resolve(), method, _ => true);
        }

        if (method.DeclaringType.Methods.FirstOrDefault(member => member is { IsConstructor: true, IsStatic: true }) is { } initializer)
        {
            Reach(initializer, method);
        }

        foreach (var instruction in method.HasBody ? method.Body.Instructions : [])
        {
            switch (instruction.Operand)
            {
                case MethodReference called:
                    Read(method, instruction, called);
                    break;
                case FieldReference field when field.Resolve() is { } definition && IsOwn(definition.DeclaringType):
                    Read(method, instruction, definition);
                    break;
            }
        }
    }

    private void Read(MethodDefinition method, Instruction instruction, MethodReference called)
    {
        if (OrchestratorRules.OfCall(instruction, called) is { } rule)
        {
            Blame(rule, $"{called.DeclaringType.GetElementType().FullName}.{called.Name}", method);
            return;
        }

        if (called is GenericInstanceMethod generic && called.DeclaringType.Namespace == "Microsoft.DurableTask")
        {
            generic.GenericArguments.ToList().ForEach(type => ReachReading(type, method));
        }

        if (called.DeclaringType.GetElementType().Resolve() is not { } declaring || !IsOwn(declaring) || called.Resolve() is not { } definition)
        {
            return;
        }

        Reach(definition, method);
        if (definition.IsVirtual)
        {
            foreach (var implementation in _overrides[Shape(definition)].Where(member => Derives(member.DeclaringType, declaring)))
            {
                Reach(implementation, method);
            }
        }
    }

    private void Read(MethodDefinition method, Instruction instruction, FieldDefinition field)
    {
        if (OrchestratorRules.OfField(instruction, field) is { } rule)
        {
            Blame(rule, $"{field.DeclaringType.FullName}.{Property(field.Name)}", method);
        }

        if (field is { IsStatic: true, IsLiteral: false } && field.DeclaringType.Methods.FirstOrDefault(member => member is { IsConstructor: true, IsStatic: true }) is { } initializer)
        {
            Reach(initializer, method);
        }
    }

    /// <summary>What an input or result of this type runs when it is read from JSON.</summary>
    private void ReachReading(TypeReference type, MethodDefinition from)
    {
        foreach (var part in Parts(type))
        {
            if (part.Resolve() is { IsEnum: false } own && IsOwn(own) && _read.Add(own.FullName))
            {
                ReachAll(own, from, member => member is { IsConstructor: true, IsStatic: false } or { IsSetter: true });
                own.Properties.ToList().ForEach(property => ReachReading(property.PropertyType, from));
            }
        }
    }

    private void ReachAll(TypeDefinition type, MethodDefinition from, Func<MethodDefinition, bool> chosen) =>
        type.Methods.Where(chosen).ToList().ForEach(member => Reach(member, from));

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType instance => instance.GenericArguments.SelectMany(Parts).Append(instance.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };

    private static bool Derives(TypeDefinition? type, TypeDefinition ancestor)
    {
        for (; type is not null; type = type.BaseType is { } parent ? parent.Resolve() : null)
        {
            if (type == ancestor || type.FullName == ancestor.FullName || type.Interfaces.Any(implemented => Derives(implemented.InterfaceType.Resolve(), ancestor)))
            {
                return true;
            }
        }

        return false;
    }

    private void Blame(string rule, string member, MethodDefinition user)
    {
        List<string> path = [];
        for (var method = user; method is not null; method = _reachedFrom.GetValueOrDefault(method))
        {
            var name = Readable(method);
            if (path.Count == 0 || path[0] != name)
            {
                path.Insert(0, name);
            }
        }

        _found.TryAdd((rule, member), new OrchestratorFault(rule, member, path));
    }

    /// <summary>The name in the source: of the method, for its state machine; of the method around it, for a lambda.</summary>
    private static string Readable(MethodDefinition method)
    {
        var type = method.DeclaringType;
        var name = method.Name switch
        {
            ".cctor" => "static constructor",
            ".ctor" => "constructor",
            _ when method.Name.StartsWith('<') => Generated(method.Name),
            _ => Property(method.Name),
        };
        while (type.Name.StartsWith('<') && type.DeclaringType is { } outer)
        {
            name = type.Name.StartsWith("<>", StringComparison.Ordinal) ? name : Generated(type.Name);
            type = outer;
        }

        return $"{type.Name}.{name}";
    }

    private static string Generated(string name)
    {
        if (name.StartsWith("<<", StringComparison.Ordinal))
        {
            // The state machine of a lambda or local function.
            return Generated(name[1..name.LastIndexOf('>')]);
        }

        var end = name.IndexOf('>', StringComparison.Ordinal);
        var around = name[1..end];
        var local = name.IndexOf("g__", end, StringComparison.Ordinal);
        return local >= 0 ? $"{around}.{name[(local + 3)..].Split('|')[0]}"
            : name[(end + 1)..].StartsWith("b__", StringComparison.Ordinal) ? $"{around} (lambda)"
            : around;
    }

    private static string Property(string name) =>
        name.StartsWith("get_", StringComparison.Ordinal) || name.StartsWith("set_", StringComparison.Ordinal) ? name[4..]
        : name.EndsWith(">k__BackingField", StringComparison.Ordinal) || name.EndsWith(">P", StringComparison.Ordinal) ? name[1..name.IndexOf('>', StringComparison.Ordinal)]
        : name;
}
