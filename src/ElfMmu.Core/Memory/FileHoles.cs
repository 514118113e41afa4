using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ElfMmu.Memory;

/// <summary>
/// Asks the file system where a sparse file has holes. Reading a hole through a mapping costs a page fault for each page of
/// zeros; asking costs one system call for the whole hole.
/// </summary>
internal static class FileHoles
{
    /// <summary>Whether an offset lies in a hole, and up to where that answer holds.</summary>
    /// <param name="file">The file; its position changes, which nobody here relies on.</param>
    /// <param name="offset">An offset before the file's end.</param>
    /// <param name="length">The file's length.</param>
    /// <param name="end">The offset behind the hole or the data; at most the length.</param>
    /// <remarks>
    /// Behind the file's end there is no data either; the caller has checked that the file still has its length.
    /// lseek(2), SEEK_DATA and SEEK_HOLE; elsewhere, and on any error, everything counts as data.
    /// </remarks>
    public static bool IsHole(SafeFileHandle file, ulong offset, ulong length, out ulong end)
    {
        end = length;
        (int seekData, int seekHole) = OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD() ? (3, 4)
            : OperatingSystem.IsMacOS() ? (4, 3)
            : (-1, -1);
        if (seekData < 0 || !Environment.Is64BitProcess)
        {
            return false;
        }

        try
        {
            return Ask(file, offset, length, seekData, seekHole, ref end);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    private static bool Ask(SafeFileHandle file, ulong offset, ulong length, int seekData, int seekHole, ref ulong end)
    {
        const int NoMoreData = 6; // ENXIO: only a hole is left.
        long data = Seek(file, (long)offset, seekData);
        if (data < 0)
        {
            return Marshal.GetLastPInvokeError() == NoMoreData;
        }

        if ((ulong)data > offset)
        {
            end = Math.Min((ulong)data, length);
            return true;
        }

        long hole = Seek(file, (long)offset, seekHole);
        if (hole > (long)offset)
        {
            end = Math.Min((ulong)hole, length);
        }

        return false;
    }

    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static extern long Seek(SafeFileHandle file, long offset, int origin);
}
