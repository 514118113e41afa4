using System.ComponentModel;
using System.Diagnostics;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Opens files with what the system has for them.</summary>
internal static class FileOpener
{
    /// <summary>Opens a file; it doesn't wait for the program to end.</summary>
    /// <exception cref="ElfMmuException"><c>OpenFailed</c>: the system has nothing for it.</exception>
    public static void Open(string path)
    {
        try
        {
            using Process? process = Process.Start(new ProcessStartInfo(path) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or InvalidOperationException)
        {
            throw new ElfMmuException(
                "OpenFailed",
                ErrorKind.NotSupported,
                $"'{path}' is written, but nothing opens it here: {e.Message.TrimEnd('.')}. Open it in a browser, or give a path.",
                e)
            { Path = path };
        }
    }
}
