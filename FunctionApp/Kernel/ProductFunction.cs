using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel;

/// <summary>A method that is a function, and what makes it run.</summary>
/// <param name="Name">The function's name, which differs from that of every other whatever its case.</param>
/// <param name="Http">Null where the function is not called over HTTP.</param>
/// <param name="Queue">The queue that the function reads; null where it reads none.</param>
public sealed record ProductFunction(string Name, MethodInfo Method, HttpTriggerAttribute? Http, string? Queue)
{
    /// <summary>As the worker names the method.</summary>
    public string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    /// <summary>Whether the function answers the paths that no other answers.</summary>
    public bool IsCatchAll => Http?.Route?.Contains('*', StringComparison.Ordinal) == true;

    /// <summary>The functions of an assembly, in no order.</summary>
    public static IEnumerable<ProductFunction> In(Assembly assembly) => In(assembly.GetTypes());

    /// <summary>The functions among the types' own methods, private ones too.</summary>
    public static IEnumerable<ProductFunction> In(IEnumerable<Type> types) =>
        from type in types
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        let parameters = method.GetParameters()
        select new ProductFunction(
            function.Name,
            method,
            parameters.Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null),
            parameters.Select(parameter => parameter.GetCustomAttribute<ServiceBusTriggerAttribute>()).FirstOrDefault(trigger => trigger is not null)?.QueueName);

    public bool Has<T>() where T : Attribute => Method.IsDefined(typeof(T));

    public T? Attribute<T>() where T : Attribute => Method.GetCustomAttribute<T>();
}
