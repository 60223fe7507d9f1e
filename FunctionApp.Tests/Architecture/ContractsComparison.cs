using Mono.Cecil;

namespace Advisor.Tests.Architecture;

/// <summary>Compares what a contracts assembly declares with the real assemblies: everything declared must exist there, alike.</summary>
internal static class ContractsComparison
{
    /// <summary>One line for each difference; empty when the contracts are true.</summary>
    /// <param name="real">Types of other names in it do not matter.</param>
    public static IReadOnlyList<string> Differences(ModuleDefinition contracts, IEnumerable<ModuleDefinition> real)
    {
        var realTypes = real.SelectMany(SolutionAssemblies.PublicTypes).GroupBy(type => type.FullName).ToDictionary(group => group.Key, group => group.First());
        return
        [
            .. SolutionAssemblies.PublicTypes(contracts).SelectMany(type => realTypes.TryGetValue(type.FullName, out var other)
                ? Compare(type, other)
                : [$"{type.FullName} does not exist"]),
        ];
    }

    private static IEnumerable<string> Compare(TypeDefinition ours, TypeDefinition real)
    {
        if (TypeSignature(ours) != TypeSignature(real))
        {
            yield return $"{ours.FullName} is '{TypeSignature(real)}', not '{TypeSignature(ours)}'";
        }

        foreach (var missing in Interfaces(ours).Except(Interfaces(real)))
        {
            yield return $"{ours.FullName} does not implement {missing}";
        }

        var realMembers = Members(real);
        foreach (var (key, signature) in Members(ours))
        {
            if (!realMembers.TryGetValue(key, out var other))
            {
                yield return $"{ours.FullName} has no {key}";
            }
            else if (signature != other)
            {
                yield return $"{ours.FullName}: '{other}', not '{signature}'";
            }
        }

        // What a subclass has to override must be known, or the code compiles here and not there.
        var declared = Members(ours);
        foreach (var method in real.Methods.Where(method => method.IsAbstract && !declared.ContainsKey(Key(method))))
        {
            yield return $"{ours.FullName} lacks the abstract {Key(method)}";
        }
    }

    private static string TypeSignature(TypeDefinition type)
    {
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
        var modifiers = type switch
        {
            { IsInterface: true } or { IsValueType: true } => string.Empty,
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => string.Empty,
        };
        var usage = type.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == "AttributeUsageAttribute");
        var targets = usage is null ? string.Empty : $" on {usage.ConstructorArguments[0].Value}";
        return $"{modifiers}{kind} : {type.BaseType?.FullName}{targets}{Constraints(type.GenericParameters)}";
    }

    private static IEnumerable<string> Interfaces(TypeDefinition type) =>
        type.Interfaces.Select(implementation => implementation.InterfaceType.FullName)
            .Where(name => !name.StartsWith("System.IEquatable`1", StringComparison.Ordinal));

    private static Dictionary<string, string> Members(TypeDefinition type)
    {
        var members = new Dictionary<string, string>();
        foreach (var field in type.Fields.Where(field => IsVisible(field.Attributes)))
        {
            members[field.Name] = $"{field.FieldType.FullName}{Nullability(field, field.FieldType, field.DeclaringType)} {field.Name} = {field.Constant}";
        }

        foreach (var method in type.Methods.Where(method => IsVisible(method.Attributes)))
        {
            members[Key(method)] = Signature(method);
        }

        return members;
    }

    private static bool IsVisible(FieldAttributes attributes) =>
        (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static string Key(MethodDefinition method) =>
        $"{method.Name}{(method.HasGenericParameters ? $"`{method.GenericParameters.Count}" : string.Empty)}"
        + $"({string.Join(", ", method.Parameters.Select(parameter => parameter.ParameterType.FullName))})";

    private static string Signature(MethodDefinition method)
    {
        var access = method.IsPublic ? "public" : "protected";
        var kind = method switch
        {
            { IsStatic: true } => " static",
            { IsAbstract: true } => " abstract",
            { IsVirtual: true, IsFinal: false, IsNewSlot: true } => " virtual",
            { IsVirtual: true, IsNewSlot: false } => " override",
            _ => string.Empty,
        };
        var parameters = method.Parameters.Select(parameter =>
            $"{parameter.ParameterType.FullName}{Nullability(parameter, parameter.ParameterType, method)} {parameter.Name}"
            + (parameter.IsOptional ? $" = {parameter.Constant ?? "default"}" : string.Empty));
        return $"{access}{kind} {method.ReturnType.FullName}{Nullability(method.MethodReturnType, method.ReturnType, method)} {Key(method)[..Key(method).IndexOf('(')]}"
            + $"({string.Join(", ", parameters)}){Constraints(method.GenericParameters)}";
    }

    private static string Constraints(IEnumerable<GenericParameter> parameters) => string.Concat(parameters
        .Select(parameter => $" where {parameter.Name}: {parameter.Attributes} "
            + string.Join(", ", parameter.Constraints.Select(constraint => constraint.ConstraintType.FullName))));

    /// <summary>The nullable annotations of a place: a digit for each reference type in it (1 not null, 2 may be null); nothing where all are oblivious.</summary>
    private static string Nullability(ICustomAttributeProvider place, TypeReference type, IMemberDefinition context)
    {
        var references = CountReferences(type);
        var flags = Flags(place, "NullableAttribute") ?? Flags(ContextsOf(context), "NullableContextAttribute") ?? [0];
        var expanded = flags.Length == 1 ? Enumerable.Repeat(flags[0], references) : flags;
        return references == 0 || expanded.All(flag => flag == 0) ? string.Empty : $"[{string.Concat(expanded)}]";
    }

    private static IEnumerable<ICustomAttributeProvider> ContextsOf(IMemberDefinition? member)
    {
        for (; member is not null; member = member.DeclaringType)
        {
            yield return member;
        }
    }

    private static byte[]? Flags(IEnumerable<ICustomAttributeProvider> places, string name) =>
        places.Select(place => Flags(place, name)).FirstOrDefault(flags => flags is not null);

    private static byte[]? Flags(ICustomAttributeProvider place, string name) =>
        place.CustomAttributes.FirstOrDefault(attribute => attribute.AttributeType.Name == name)?.ConstructorArguments[0].Value switch
        {
            byte one => [one],
            CustomAttributeArgument[] many => [.. many.Select(argument => (byte)argument.Value)],
            _ => null,
        };

    /// <summary>The places in a type that carry an annotation: references, type parameters and constructed value types.</summary>
    private static int CountReferences(TypeReference type) => type switch
    {
        GenericInstanceType { ElementType.FullName: "System.Nullable`1" } nullable => CountReferences(nullable.GenericArguments[0]),
        GenericInstanceType instance => 1 + instance.GenericArguments.Sum(CountReferences),
        ArrayType array => 1 + CountReferences(array.ElementType),
        TypeSpecification specification => CountReferences(specification.ElementType),
        _ => type.IsValueType || type.FullName == "System.Void" ? 0 : 1,
    };
}
