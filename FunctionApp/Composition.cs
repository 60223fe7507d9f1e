using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Advisor;

/// <summary>What the product registers, the same under both hosts.</summary>
public static class Composition
{
    public static IServiceCollection AddAdvisor(this IServiceCollection services, IConfiguration configuration) => services;

    public static IFunctionsWorkerApplicationBuilder UseAdvisor(this IFunctionsWorkerApplicationBuilder worker) => worker;
}
