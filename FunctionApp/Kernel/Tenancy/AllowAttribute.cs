namespace Advisor.Kernel.Tenancy;

/// <summary>Which roles may call an HTTP function; any one of them suffices.</summary>
/// <remarks>Every HTTP function declares one of <see cref="AllowAttribute"/>, <see cref="AllowAnyRoleAttribute"/> and <see cref="AllowAnyoneAttribute"/>; a test holds this.</remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAttribute(params Role[] roles) : Attribute
{
    public IReadOnlyList<Role> Roles { get; } = roles;
}

/// <summary>Any signed-in caller may call the HTTP function, whatever their roles: reading what their own tenant has.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAnyRoleAttribute : Attribute;

/// <summary>Anyone may call the HTTP function, signed in or not: health, and the web application's own files.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AllowAnyoneAttribute : Attribute;
