using System.Collections.Frozen;
using System.Reflection;

namespace Advisor.Kernel.Tenancy;

/// <summary>Who may call which function, from the attributes on its method.</summary>
public sealed class FunctionAccess
{
    private readonly FrozenDictionary<string, Rule> _rules;

    public FunctionAccess(Assembly functions) =>
        _rules = ProductFunction.In(functions).ToFrozenDictionary(
            function => function.Name,
            function => new Rule(function.Has<AllowAnyoneAttribute>(), function.Attribute<AllowAttribute>()?.Roles ?? [], !function.Has<Audit.NotAuditedAttribute>()),
            StringComparer.OrdinalIgnoreCase);

    /// <param name="Anyone">No credential is needed.</param>
    /// <param name="Roles">Any of these; empty means any signed-in caller.</param>
    /// <param name="Audited">Whether requests for it are in the audit log.</param>
    public sealed record Rule(bool Anyone, IReadOnlyList<Role> Roles, bool Audited)
    {
        public bool Admits(Caller caller) => Roles.Count == 0 || Roles.Any(caller.Has);
    }

    /// <summary>The rule of a function; an unknown one is open to nobody without a credential.</summary>
    public Rule Of(string functionName) => _rules.GetValueOrDefault(functionName) ?? new Rule(false, [], Audited: true);
}
