namespace ElfMmu.Tests.Elf.Readelf;

/// <summary>The lines of several reports of readelf's, one report after the other. Empty lines, which only part things, are left out.</summary>
internal sealed class ReportLines(TextReader reader) : IDisposable
{
    private string? _held;

    /// <summary>The file whose report follows this one; null for none.</summary>
    public string? NextReport { get; set; }

    public void Dispose() => reader.Dispose();

    /// <summary>Skips to the report of a file.</summary>
    public bool MoveToReport(string path)
    {
        string heading = "File: " + path;
        while (_held != heading)
        {
            _held = reader.ReadLine();
            if (_held == null)
            {
                return false;
            }
        }

        _held = null;
        return true;
    }

    /// <summary>The next line of this report; null at its end.</summary>
    public string? Next()
    {
        if (_held != null)
        {
            return null;
        }

        string? line;
        while ((line = reader.ReadLine()) != null && line.Length == 0)
        {
        }

        if (line != null && NextReport != null && line.StartsWith("File: ", StringComparison.Ordinal) && line[6..] == NextReport)
        {
            _held = line;
            return null;
        }

        return line;
    }

    /// <summary>Reads to the end, so that readelf can end.</summary>
    public void SkipAll()
    {
        while (reader.ReadLine() != null)
        {
        }
    }
}
