using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>The engine's errors as PowerShell's.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record with the engine's stable id and the category that fits.</summary>
    public static ErrorRecord From(ElfMmuException exception, object? target) => new(
        exception,
        exception.ErrorId,
        exception.Kind switch
        {
            ErrorKind.InvalidData => ErrorCategory.InvalidData,
            ErrorKind.InvalidArgument => ErrorCategory.InvalidArgument,
            ErrorKind.NotFound => ErrorCategory.ObjectNotFound,
            ErrorKind.ResourceExists => ErrorCategory.ResourceExists,
            ErrorKind.LimitsExceeded => ErrorCategory.LimitsExceeded,
            ErrorKind.ReadError => ErrorCategory.ReadError,
            ErrorKind.WriteError => ErrorCategory.WriteError,
            ErrorKind.NotSupported => ErrorCategory.NotImplemented,
            _ => ErrorCategory.NotSpecified,
        },
        target);
}
