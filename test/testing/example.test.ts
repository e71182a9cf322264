// The example is a test file: this runs it with the other tests.
import '../../examples/testing/chat.test.js';
