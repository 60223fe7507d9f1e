using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Advisor.Tests.Architecture.Orchestrators;

/// <summary>What an orchestrator may not use, because a replay would see something else. Each rule has a planted violation.</summary>
internal static class OrchestratorRules
{
    public const string Clock = "clock";
    public const string Randomness = "randomness";
    public const string Environment = "environment";
    public const string Threads = "threads";
    public const string Timers = "timers";
    public const string Locks = "locks";
    public const string ForeignTask = "foreign-task";
    public const string LostThread = "lost-thread";
    public const string InputOutput = "input-output";
    public const string Settings = "settings";
    public const string Services = "services";
    public const string Logging = "logging";
    public const string StaticState = "static-state";
    public const string Unordered = "unordered";
    public const string Native = "native";

    private static readonly Dictionary<string, string> s_members = new(StringComparer.Ordinal)
    {
        ["System.DateTime::get_UtcNow"] = Clock,
        ["System.DateTime::get_Now"] = Clock,
        ["System.DateTime::get_Today"] = Clock,
        ["System.DateTimeOffset::get_UtcNow"] = Clock,
        ["System.DateTimeOffset::get_Now"] = Clock,
        ["System.Guid::NewGuid"] = Randomness,
        ["System.Guid::CreateVersion7"] = Randomness,
        ["System.IO.Path::GetRandomFileName"] = Randomness,
        // Hash codes of strings, and of all that is made of them, differ from process to process.
        ["System.String::GetHashCode"] = Randomness,
        ["System.Object::GetHashCode"] = Randomness,
        ["System.Runtime.CompilerServices.RuntimeHelpers::GetHashCode"] = Randomness,
        ["System.DateTime::ToLocalTime"] = Environment,
        ["System.DateTimeOffset::ToLocalTime"] = Environment,
        ["System.TimeZoneInfo::get_Local"] = Environment,
        ["System.Globalization.CultureInfo::get_CurrentCulture"] = Environment,
        ["System.Globalization.CultureInfo::get_CurrentUICulture"] = Environment,
        ["System.IO.Path::GetTempPath"] = Environment,
        ["System.IO.Path::GetFullPath"] = Environment,
        ["System.IO.Path::GetTempFileName"] = InputOutput,
        ["System.Threading.Tasks.Task::Delay"] = Timers,
        ["System.Threading.CancellationTokenSource::CancelAfter"] = Timers,
        ["System.Threading.Tasks.Task::Run"] = Threads,
        ["System.Threading.Tasks.Task::Start"] = Threads,
        ["System.Threading.Tasks.Task::ContinueWith"] = Threads,
        ["System.Threading.Tasks.Task`1::ContinueWith"] = Threads,
        ["System.Threading.Tasks.Task::Wait"] = Threads,
        ["System.Threading.Tasks.Task::WaitAll"] = Threads,
        ["System.Threading.Tasks.Task::WaitAny"] = Threads,
        ["System.Threading.Tasks.Task::WaitAsync"] = Timers,
        ["System.Threading.Tasks.Task`1::WaitAsync"] = Timers,
        ["Microsoft.Azure.Functions.Worker.FunctionContext::get_InstanceServices"] = Services,
    };

    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        ["System.TimeProvider"] = Clock,
        ["System.Diagnostics.Stopwatch"] = Clock,
        ["System.Random"] = Randomness,
        ["System.Security.Cryptography.RandomNumberGenerator"] = Randomness,
        ["System.HashCode"] = Randomness,
        ["System.Environment"] = Environment,
        ["System.AppContext"] = Environment,
        ["System.Diagnostics.Process"] = Environment,
        ["System.Threading.Thread"] = Threads,
        ["System.Threading.ThreadPool"] = Threads,
        ["System.Threading.Tasks.Parallel"] = Threads,
        ["System.Linq.ParallelEnumerable"] = Threads,
        ["System.Threading.Tasks.TaskFactory"] = Threads,
        ["System.Threading.Tasks.TaskFactory`1"] = Threads,
        ["System.Threading.Timer"] = Timers,
        ["System.Threading.PeriodicTimer"] = Timers,
        ["System.Timers.Timer"] = Timers,
        ["System.Threading.Monitor"] = Locks,
        ["System.Threading.Lock"] = Locks,
        ["System.Threading.Mutex"] = Locks,
        ["System.Threading.Semaphore"] = Locks,
        ["System.Threading.SemaphoreSlim"] = Locks,
        ["System.Threading.SpinLock"] = Locks,
        ["System.Threading.SpinWait"] = Locks,
        ["System.Threading.ReaderWriterLockSlim"] = Locks,
        ["System.Threading.ManualResetEventSlim"] = Locks,
        ["System.Threading.ManualResetEvent"] = Locks,
        ["System.Threading.AutoResetEvent"] = Locks,
        ["System.Threading.WaitHandle"] = Locks,
        ["System.Threading.Barrier"] = Locks,
        ["System.Threading.CountdownEvent"] = Locks,
        ["System.Threading.AsyncLocal`1"] = StaticState,
        ["System.Threading.ThreadLocal`1"] = StaticState,
        ["System.Console"] = InputOutput,
        ["Advisor.Kernel.Records.IRecordStore"] = InputOutput,
        ["Advisor.Kernel.Records.IBlobStore"] = InputOutput,
        ["Advisor.Kernel.Messaging.IMessageBus"] = InputOutput,
        ["System.IServiceProvider"] = Services,
        ["Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions"] = Services,
        ["Microsoft.Extensions.DependencyInjection.ActivatorUtilities"] = Services,
    };

    private static readonly (string Prefix, string Rule)[] s_namespaces =
    [
        ("System.Net", InputOutput), ("System.IO", InputOutput), ("System.Data", InputOutput), ("Microsoft.Data", InputOutput), ("Azure", InputOutput),
        ("Microsoft.Azure.Cosmos", InputOutput), ("OpenAI", InputOutput), ("Microsoft.Extensions.Configuration", Settings), ("Microsoft.Extensions.Options", Settings),
    ];

    /// <summary>In forbidden namespaces and types, but without any effect beyond memory.</summary>
    private static readonly HashSet<string> s_harmless = new(StringComparer.Ordinal)
    {
        "System.IO.Path", "System.IO.StringReader", "System.IO.StringWriter", "System.IO.TextReader", "System.IO.TextWriter", "System.IO.MemoryStream",
        "System.Net.WebUtility", "System.Environment::get_NewLine",
        // Compiled iterators ask which thread they are on, to know whether they can be used again.
        "System.Environment::get_CurrentManagedThreadId",
    };

    private static readonly HashSet<string> s_tasksOfTheContext = new(StringComparer.Ordinal)
    {
        "System.Threading.Tasks.Task::WhenAll", "System.Threading.Tasks.Task::WhenAny", "System.Threading.Tasks.Task::WhenEach", "System.Threading.Tasks.Task::FromResult",
        "System.Threading.Tasks.Task::FromException", "System.Threading.Tasks.Task::FromCanceled", "System.Threading.Tasks.Task::get_CompletedTask",
        "System.Threading.Tasks.TaskExtensions::Unwrap", "System.Threading.Tasks.ValueTask::AsTask", "System.Threading.Tasks.ValueTask`1::AsTask",
        "System.Threading.Tasks.TaskCompletionSource::get_Task", "System.Threading.Tasks.TaskCompletionSource`1::get_Task",
    };

    private static readonly HashSet<string> s_hashed = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.Dictionary`2", "System.Collections.Generic.HashSet`1", "System.Collections.Concurrent.ConcurrentDictionary`2",
        "System.Collections.Concurrent.ConcurrentBag`1", "System.Collections.Immutable.ImmutableDictionary`2", "System.Collections.Immutable.ImmutableHashSet`1",
        "System.Collections.Frozen.FrozenDictionary`2", "System.Collections.Frozen.FrozenSet`1", "System.Collections.Hashtable",
    };

    /// <summary>The rule that a call breaks; null when it may be made.</summary>
    public static string? OfCall(Instruction instruction, MethodReference called)
    {
        var type = called.DeclaringType.GetElementType();
        var member = $"{type.FullName}::{called.Name}";
        return s_harmless.Contains(type.FullName) && !s_members.ContainsKey(member) || s_harmless.Contains(member) ? null
            : s_members.GetValueOrDefault(member) ?? s_types.GetValueOrDefault(type.FullName)
            ?? (LeavesTheThread(instruction, type, called) ? LostThread : null)
            ?? (EndsByTheClock(type, called) ? Timers : null)
            ?? (s_hashed.Contains(type.FullName) && called.Name is "GetEnumerator" or "get_Keys" or "get_Values" ? Unordered : null)
            ?? (IsLogging(type, called) ? Logging : null)
            ?? OfNamespace(type)
            ?? (ReturnsForeignTask(type, member, called) ? ForeignTask : null);
    }

    /// <summary>The rule that the use of a field breaks; null when it may be used.</summary>
    /// <remarks>Fields that the compiler made hold lambdas, and the locals of methods that wait.</remarks>
    public static string? OfField(Instruction instruction, FieldDefinition field)
    {
        var isStatic = instruction.OpCode.Code is Code.Ldsfld or Code.Ldsflda or Code.Stsfld;
        var ofCompiler = field.Name.StartsWith('<') && !field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal) && !field.Name.EndsWith(">P", StringComparison.Ordinal);
        return ofCompiler || field.DeclaringType.Name.StartsWith('<') ? null
            : IsLogger(field.FieldType) ? Logging
            : isStatic && !field.IsInitOnly && !field.IsLiteral ? StaticState
            : null;
    }

    /// <summary>A logger that is no replay-safe one, because it is given to the orchestrator from outside.</summary>
    public static bool IsLogger(TypeReference type) =>
        type.GetElementType().FullName is "Microsoft.Extensions.Logging.ILogger" or "Microsoft.Extensions.Logging.ILogger`1" or "Microsoft.Extensions.Logging.ILoggerFactory";

    private static string? OfNamespace(TypeReference type) => s_namespaces
        .Where(forbidden => type.Namespace == forbidden.Prefix || type.Namespace.StartsWith(forbidden.Prefix + ".", StringComparison.Ordinal))
        .Select(forbidden => forbidden.Rule)
        .FirstOrDefault();

    private static bool IsLogging(TypeReference type, MethodReference called) =>
        type.Name != "TaskOrchestrationContext" && called.Name is "CreateLogger" or "GetLogger" && (IsLogger(called.ReturnType) || IsLogger(type));

    /// <summary>ConfigureAwait(true) changes nothing. Its argument stands before it as a constant; where it does not, nobody can tell.</summary>
    private static bool LeavesTheThread(Instruction instruction, TypeReference type, MethodReference called) =>
        called.Name == "ConfigureAwait"
        && type.Namespace.StartsWith("System", StringComparison.Ordinal)
        && instruction.Previous?.OpCode.Code is not (Code.Ldc_I4_1 or Code.Ldc_I4_3 or Code.Ldc_I4_5 or Code.Ldc_I4_7);

    private static bool EndsByTheClock(TypeReference type, MethodReference called) =>
        type.FullName == "System.Threading.CancellationTokenSource" && called.Name == ".ctor" && called.Parameters.Count > 0;

    /// <summary>Whatever gives a task and is neither ours nor the engine's is completed by somebody whom the replay does not know.</summary>
    private static bool ReturnsForeignTask(TypeReference type, string member, MethodReference called) =>
        called.ReturnType.GetElementType().FullName is "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task`1" or "System.Threading.Tasks.ValueTask"
            or "System.Threading.Tasks.ValueTask`1" or "System.Collections.Generic.IAsyncEnumerable`1"
        && type.Namespace != "Microsoft.DurableTask"
        && !type.FullName.StartsWith("Advisor.", StringComparison.Ordinal)
        && type.Namespace != "System.Runtime.CompilerServices"
        && !s_tasksOfTheContext.Contains(member);
}
