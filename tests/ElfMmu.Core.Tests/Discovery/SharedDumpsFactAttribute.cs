using ElfMmu.Tests.Support;
using Xunit;

namespace ElfMmu.Tests.Discovery;

/// <summary>A fact about all the shared dumps together; skipped, and says so, where one isn't there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SharedDumpsFactAttribute : FactAttribute
{
    public SharedDumpsFactAttribute() => Skip = BigDumps.Missing(BigDumps.Linux);
}
