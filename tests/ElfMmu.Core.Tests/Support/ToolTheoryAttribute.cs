using Xunit;

namespace ElfMmu.Tests.Support;

/// <summary>A theory shown by a program of others; skipped, with a line that says so, where it isn't there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ToolTheoryAttribute : TheoryAttribute
{
    public ToolTheoryAttribute(params string[] tools) => Skip = tools.Select(Tools.Missing).FirstOrDefault(m => m != null);
}
