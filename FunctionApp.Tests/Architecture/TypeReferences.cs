using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Advisor.Tests.Architecture;

/// <summary>The types that a type needs: in its shape, its attributes and its methods' code.</summary>
internal static class TypeReferences
{
    /// <summary>Every type referenced, taken apart: a list of facts gives the list and the fact.</summary>
    public static IEnumerable<TypeReference> Of(TypeDefinition type) =>
        Shape(type).Concat(type.Methods.SelectMany(Of)).OfType<TypeReference>().SelectMany(Parts);

    /// <summary>The type that a nested one stands in; compiler-generated classes stand in the class whose code they are.</summary>
    public static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is not null)
        {
            type = type.DeclaringType;
        }

        return type.GetElementType();
    }

    private static IEnumerable<TypeReference?> Shape(TypeDefinition type) =>
        type.Interfaces.Select(implementation => implementation.InterfaceType)
            .Append(type.BaseType)
            .Concat(type.Fields.Select(field => field.FieldType))
            .Concat(type.Properties.Select(property => property.PropertyType))
            .Concat(type.GenericParameters.SelectMany(parameter => parameter.Constraints).Select(constraint => constraint.ConstraintType))
            .Concat(type.CustomAttributes.Concat(type.Properties.SelectMany(property => property.CustomAttributes)).SelectMany(Of));

    private static IEnumerable<TypeReference?> Of(MethodDefinition method)
    {
        var code = method.HasBody
            ? method.Body.Variables.Select(variable => variable.VariableType)
                .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType))
                .Concat(method.Body.Instructions.SelectMany(Of))
            : [];
        return Signature(method).Concat(method.CustomAttributes.Concat(method.Parameters.SelectMany(parameter => parameter.CustomAttributes)).SelectMany(Of)).Concat(code);
    }

    private static IEnumerable<TypeReference?> Of(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        FieldReference field => [field.DeclaringType, field.FieldType],
        MethodReference method => Signature(method).Append(method.DeclaringType).Concat(method is GenericInstanceMethod generic ? generic.GenericArguments : []),
        _ => [],
    };

    private static IEnumerable<TypeReference?> Of(CustomAttribute attribute) =>
        attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference).Append(attribute.AttributeType);

    private static IEnumerable<TypeReference?> Signature(MethodReference method) =>
        method.Parameters.Select(parameter => parameter.ParameterType).Append(method.ReturnType);

    private static IEnumerable<TypeReference> Parts(TypeReference type) => type switch
    {
        GenericInstanceType instance => instance.GenericArguments.SelectMany(Parts).Append(instance.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        GenericParameter => [],
        _ => [type],
    };
}
