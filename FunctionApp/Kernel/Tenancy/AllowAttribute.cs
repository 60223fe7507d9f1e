namespace Advisor.Kernel.Tenancy;

/// <summary>Which roles may call an HTTP function; any one of them suffices. Without it, any signed-in caller may.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAttribute(params Role[] roles) : Attribute
{
    public IReadOnlyList<Role> Roles { get; } = roles;
}

/// <summary>Anyone may call the HTTP function, signed in or not: health, and the web application's own files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAnyoneAttribute : Attribute;
