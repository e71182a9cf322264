// The example is a test file: here it runs with ours.
import '../../examples/testing/chat.test.js';
