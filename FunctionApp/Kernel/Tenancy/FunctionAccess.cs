using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Advisor.Kernel.Tenancy;

/// <summary>Who may call which function, from the attributes on its method.</summary>
public sealed class FunctionAccess
{
    private readonly FrozenDictionary<string, Rule> _rules;

    public FunctionAccess(Assembly functions)
    {
        var methods = from type in functions.GetTypes()
                      from method in type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
                      let function = method.GetCustomAttribute<FunctionAttribute>()
                      where function is not null
                      select (function.Name, Rule: new Rule(
                          method.GetCustomAttribute<AllowAnyoneAttribute>() is not null,
                          method.GetCustomAttribute<AllowAttribute>()?.Roles ?? []));
        _rules = methods.ToFrozenDictionary(m => m.Name, m => m.Rule, StringComparer.OrdinalIgnoreCase);
    }

    /// <param name="Anyone">No credential is needed.</param>
    /// <param name="Roles">Any of these; empty means any signed-in caller.</param>
    public sealed record Rule(bool Anyone, IReadOnlyList<Role> Roles)
    {
        public bool Admits(Caller caller) => Roles.Count == 0 || Roles.Any(caller.Has);
    }

    /// <summary>The rule of a function; an unknown one is open to nobody without a credential.</summary>
    public Rule Of(string functionName) => _rules.GetValueOrDefault(functionName) ?? new Rule(false, []);
}
