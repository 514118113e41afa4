using System.Collections;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Says in one sentence what is wrong with a path where a dump that is open is asked for.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OpenedDumpTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? inner = Inner(inputData);
        foreach (object? item in inner is IList list ? list : new[] { inner })
        {
            if (Inner(item) is string or FileSystemInfo or PathInfo)
            {
                // A file may be open several times, each time with other options, so a path doesn't say which of them is meant.
                throw new ArgumentTransformationMetadataException(
                    $"'{item}' is a path, and a path isn't open. Give the dump that Open-MemoryDump gave out, or -All to close every dump "
                    + "of this session.");
            }
        }

        return inputData;
    }

    private static object? Inner(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
