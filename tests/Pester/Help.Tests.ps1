# The help is made of docs/cmdlets/*.md; its examples, and the recipes of docs/cookbook.md, must run.

BeforeDiscovery {
    $documents = [IO.Path]::GetFullPath("$PSScriptRoot/../../docs")
    $cmdlets = 'Close-MemoryDump', 'Compare-PageTableMapping', 'Compress-Interval', 'Convert-MemoryDump', 'Expand-ElfImage', 'Export-ElfCore', 'Export-ElfSymbol', 'Find-MappedImage', 'Find-PageTableRoot', 'Get-ElfDynamic', 'Get-ElfHashTable', 'Get-ElfHeader', 'Get-ElfNote', 'Get-ElfRelocation', 'Get-ElfSection', 'Get-ElfSegment', 'Get-ElfString', 'Get-ElfSymbol', 'Get-MemoryDump', 'Get-PageTable', 'Get-PageTableMapping', 'Get-PagingMode', 'Open-MemoryDump', 'Read-VirtualMemory', 'Resolve-PhysicalAddress', 'Resolve-VirtualAddress', 'Search-VirtualMemory', 'Show-AddressSpace', 'Test-ElfFile' | ForEach-Object { @{ Name = $_ } }
    $examples = foreach ($page in @(Get-ChildItem "$documents/cmdlets/*.md") + (Get-Item "$documents/cookbook.md")) {
        $text = [IO.File]::ReadAllText($page.FullName)
        $section = [regex]::Match($text, '(?ms)^## Examples\s*$(.*?)(?=^## |\z)')
        $number = 0
        foreach ($block in [regex]::Matches($section.Success ? $section.Value : $text, '(?ms)^```powershell\s*?\n(.*?)^```\s*?$')) {
            $number++
            @{ Page = $page.Name; Number = $number; Code = $block.Groups[1].Value }
        }
    }
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Help of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $help = Get-Help $Name -Full
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
        $parameters = (Get-Command $Name).Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object
    }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        # Without help, PowerShell makes a synopsis of the syntax.
        $help.Synopsis.Trim() | Should -Not -BeLike "$Name *"
        ($help.description | Out-String).Trim() | Should -Not -BeNullOrEmpty
    }

    It 'has examples, each with code and a remark' {
        $help.examples.example | Should -Not -BeNullOrEmpty
        foreach ($example in $help.examples.example) {
            ($example.code | Out-String).Trim() | Should -Not -BeNullOrEmpty
        }
    }

    It 'describes every parameter' {
        foreach ($parameter in $parameters) {
            $described = $help.parameters.parameter | Where-Object name -EQ $parameter
            $described | Should -HaveCount 1 -Because "-$parameter is one of $Name's parameters"
            ($described.description | Out-String).Trim() | Should -Not -BeNullOrEmpty -Because "-$parameter needs a description"
        }
    }

    It 'describes no parameter there isn''t' {
        $help.parameters.parameter.name | Where-Object { $_ -notin $parameters -and $_ -notin $common } | Should -BeNullOrEmpty
    }

    It 'has a page with a section of examples' {
        "$repository/docs/cmdlets/$Name.md" | Should -FileContentMatch '^## Examples'
    }
}

Describe 'Example <Number> of <Page>' -ForEach $examples {
    It 'runs without an error' {
        # Other people's tools may be absent; a command of ours or PowerShell's may not.
        $ast = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref]$null, [ref]$null)
        $tools = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) |
            ForEach-Object GetCommandName | Where-Object { $_ -match '^(gdb|gdb-multiarch|readelf|eu-readelf|objdump|python3?)$' }
        $absent = $tools | Where-Object { -not (Get-Command $_ -ErrorAction Ignore) }
        if ($absent) {
            Set-ItResult -Skipped -Because "there is no $absent"
            return
        }

        $folder = (New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())").FullName
        Copy-Item (Get-SampleDump) "$folder/linux.elf"
        New-RawSample $folder
        Copy-Item "$repository/tests/data/bare-sv39/phys.elf.gz" "$folder/riscv.elf"
        Copy-Item "$repository/tests/data/bare-a64-16k/phys.elf.gz" "$folder/arm64.elf"
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript('param($module, $folder) Import-Module $module; Set-Location -LiteralPath $folder').
                AddArgument($modulePath).AddArgument($folder).AddStatement().AddScript($Code).AddCommand('Out-String')
            $null = $shell.Invoke()
            $shell.Streams.Error | ForEach-Object { "$($_.FullyQualifiedErrorId): $_" } | Should -BeNullOrEmpty -Because $Code
        }
        finally {
            $shell.Dispose()
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}
