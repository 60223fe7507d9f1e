using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Advisor.Tests.Architecture;

/// <summary>Finds what a contracts assembly declares and no other assembly needs.</summary>
internal sealed class UnneededMembers
{
    private readonly ModuleDefinition _contracts;
    private readonly HashSet<string> _members;
    private readonly HashSet<string> _types;
    private readonly HashSet<string> _extended;

    private UnneededMembers(ModuleDefinition contracts, IReadOnlyList<ModuleDefinition> users)
    {
        _contracts = contracts;
        _members = [.. users.SelectMany(user => user.GetMemberReferences()).Where(IsContract).Select(member => member.Resolve()?.FullName ?? member.FullName)];
        _extended = [.. users.SelectMany(user => user.GetTypes()).SelectMany(Bases).Concat(users.SelectMany(Mocked)).SelectMany(WithBases)];
        _types = [.. users.SelectMany(user => user.GetTypeReferences()).Where(IsContract).Select(type => type.FullName)];
        AddMembersThatOthersCall();
        AddTypesThatOthersNeed();
    }

    /// <summary>Full names of the public types and members that nothing needs, in order.</summary>
    public static IReadOnlyList<string> Find(ModuleDefinition contracts, IReadOnlyList<ModuleDefinition> users)
    {
        var search = new UnneededMembers(contracts, users);
        var found = new List<string>();
        foreach (var type in SolutionAssemblies.PublicTypes(contracts))
        {
            if (!search._types.Contains(type.FullName))
            {
                found.Add(type.FullName);
            }
            else
            {
                found.AddRange(type.Methods.Where(search.IsUnneeded).Select(WithoutResult));
                found.AddRange(type.Fields.Where(search.IsUnneeded).Select(WithoutResult));
            }
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }

    private static string WithoutResult(MemberReference member) => member.FullName[(member.FullName.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    private bool IsUnneeded(FieldDefinition field) =>
        (field.IsPublic || field.IsFamily) && !IsData(field.DeclaringType) && !_members.Contains(field.FullName);

    private bool IsUnneeded(MethodDefinition method) =>
        (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly) && !IsExempt(method) && !_members.Contains(method.FullName);

    private bool IsExempt(MethodDefinition method)
    {
        var type = method.DeclaringType;
        return IsDelegate(type)
            || IsCompilerGenerated(method)
            || method.Name is "op_Equality" or "op_Inequality" // they come with an overridden Equals
            || (method.IsVirtual && (!method.IsNewSlot || method.IsFinal || Implements(method)))
            || (method.IsVirtual && _extended.Contains(type.FullName))
            || ((method.IsGetter || method.IsSetter) && IsData(type))
            || (method.IsConstructor && method.Parameters.Count == 0 && (type.IsAbstract || _extended.Contains(type.FullName) || type.Methods.Count(other => other.IsConstructor) == 1));
    }

    /// <summary>A data type: made by its users, with no member that only the real package could perform.</summary>
    private static bool IsData(TypeDefinition type) =>
        type.IsEnum || (!type.IsAbstract && !type.IsInterface && !type.Methods.Where(method => method.HasBody).Any(CallsService));

    private static bool CallsService(MethodDefinition method) => method.Body.Instructions.Any(instruction =>
        instruction.OpCode == OpCodes.Call && instruction.Operand is MethodReference { DeclaringType.FullName: "AzureContracts.RealPackage" });

    private static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName == "System.MulticastDelegate";

    private static bool IsCompilerGenerated(MethodDefinition method) =>
        !method.IsGetter && !method.IsSetter && method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute");

    private static bool Implements(MethodDefinition method) => method.DeclaringType.Interfaces
        .Select(implementation => implementation.InterfaceType.Resolve())
        .Any(contract => contract is not null && contract.Methods.Any(member => member.Name == method.Name));

    /// <summary>A member is needed, too, where a needed member or an exempt one calls it.</summary>
    private void AddMembersThatOthersCall()
    {
        var bodies = SolutionAssemblies.PublicTypes(_contracts).SelectMany(type => type.Methods).Where(method => method.HasBody).ToList();
        int before;
        do
        {
            before = _members.Count;
            _members.UnionWith(bodies.Where(method => _members.Contains(method.FullName) || IsExempt(method))
                .SelectMany(method => method.Body.Instructions)
                .Select(instruction => instruction.Operand)
                .OfType<MemberReference>()
                .Where(IsContract)
                .Select(member => member.Resolve()?.FullName ?? member.FullName)
                .ToList());
        }
        while (_members.Count > before);
    }

    /// <summary>A type is needed, too, where a needed member's signature or a needed type's base names it.</summary>
    private void AddTypesThatOthersNeed()
    {
        int before;
        do
        {
            before = _types.Count;
            foreach (var type in SolutionAssemblies.PublicTypes(_contracts).Where(type => _types.Contains(type.FullName)).ToList())
            {
                var signatures = type.Methods.Where(method => method.IsPublic || method.IsFamily)
                    .SelectMany(method => method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType));
                _types.UnionWith(signatures.SelectMany(Parts).Where(IsContract).Select(part => part.FullName));
                _types.UnionWith(Bases(type));
            }
        }
        while (_types.Count > before);
    }

    private IEnumerable<string> Bases(TypeDefinition type) =>
        type.Interfaces.Select(implementation => implementation.InterfaceType).Append(type.BaseType)
            .OfType<TypeReference>().Select(contract => contract.GetElementType()).Where(IsContract).Select(contract => contract.FullName);

    /// <summary>The types that a test stands in for by Mock&lt;T&gt;.</summary>
    private IEnumerable<string> Mocked(ModuleDefinition user) => user.GetMemberReferences()
        .Select(member => member.DeclaringType)
        .OfType<GenericInstanceType>()
        .Where(instance => instance.ElementType.FullName == "Moq.Mock`1")
        .SelectMany(instance => instance.GenericArguments)
        .Where(IsContract)
        .Select(mocked => mocked.FullName);

    private IEnumerable<string> WithBases(string name) =>
        _contracts.GetType(name) is { } type ? Bases(type).SelectMany(WithBases).Append(name) : [name];

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType instance => instance.GenericArguments.SelectMany(Parts).Append(instance.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };

    private bool IsContract(MemberReference member) =>
        (member as TypeReference ?? member.DeclaringType)?.GetElementType() is { } type
        && (type.Scope?.Name == _contracts.Assembly.Name.Name || type.Module == _contracts);
}
