using System.Reflection;
using Xunit.Sdk;

namespace ElfMmu.Tests.Support;

/// <summary>A case of a theory that needs a tool of its own; skipped, with a line that says so, where it isn't there.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ToolInlineDataAttribute : DataAttribute
{
    private readonly object?[] _data;

    public ToolInlineDataAttribute(string tool, params object?[] data)
    {
        _data = data;
        Skip = Tools.Missing(tool);
    }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [_data];
}
